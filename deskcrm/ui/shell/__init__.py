"""The program around the screens: window, side bar, palette, caller card, settings."""

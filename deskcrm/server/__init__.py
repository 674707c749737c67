"""The shared server: sign-in, rights and the exchange with workstations, over HTTP."""

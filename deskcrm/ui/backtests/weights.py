"""A slider for each weight; moving one tells at once."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from deskcrm.domain.backtests.words import unit_words
from deskcrm.domain.health.features import Feature
from deskcrm.domain.health.model import POINTS, SCORECARD, Model
from deskcrm.domain.health.words import points_words, signal_label
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Scroll

_STEPS = 40


class Weights(QWidget):
    """The weights of a model, in points; what is not moved stays exactly as it was."""

    moved = Signal()
    """A weight was moved: ask ``model``."""

    def __init__(self) -> None:
        super().__init__()
        self._model = SCORECARD
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        inside = parts.Page()
        column = parts.column(spacing=2, margins=(16, 8, 16, 16))
        for feature in SCORECARD.features:
            self._add(column, feature)
        inside.setLayout(column)
        self.setLayout(parts.column(Scroll(inside)))
        self.show_model(SCORECARD)

    @property
    def model(self) -> Model:
        """The model with the weights as they are set."""
        return self._model

    def show_model(self, model: Model) -> None:
        """Set all sliders to a model, without telling."""
        self._model = model
        for name, slider in self.sliders.items():
            feature = model.by_name[name]
            slider.blockSignals(True)
            slider.setValue(round(abs(model.weights[name]) / feature.limit * _STEPS))
            slider.blockSignals(False)
            self._say(name)

    def _add(self, column: QVBoxLayout, feature: Feature) -> None:
        words = signal_label(feature.name, SCORECARD)
        unit = unit_words(feature.name)
        name = parts.label(f"{words}, {unit}" if unit else words, wrap=True)
        value = parts.label("", "strong")
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _STEPS)
        slider.setPageStep(_STEPS // 10)
        slider.setAccessibleName(words)
        slider.valueChanged.connect(partial(self._move, feature.name))
        self.sliders[feature.name], self._values[feature.name] = slider, value
        line = parts.row(name, value)
        line.setStretch(0, 1)
        column.addLayout(line)
        column.addWidget(slider)
        column.addSpacing(6)

    def _move(self, name: str, step: int) -> None:
        feature = self._model.by_name[name]
        size = feature.limit * step / _STEPS
        self._model = self._model.with_weights({name: size * (feature.sign or 1)})
        self._say(name)
        self.moved.emit()

    def _say(self, name: str) -> None:
        points = points_words(self._model.weights[name] * POINTS)
        self._values[name].setText(points)
        self.sliders[name].setAccessibleDescription(points)

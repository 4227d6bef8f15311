"""The paper's network as a model of MLServer, by NumPy: float32 weights and biases of four layers, one after the other in weights.bin."""

import os

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

WIDTHS = [784, 128, 64, 32, 10]


class Network(MLModel):
    async def load(self) -> bool:
        numbers = np.fromfile(os.path.join(os.path.dirname(__file__), "weights.bin"), dtype="<f4")
        self._layers, at = [], 0
        for rows, columns in zip(WIDTHS, WIDTHS[1:]):
            weights = numbers[at : at + rows * columns].reshape(rows, columns)
            bias = numbers[at + rows * columns : at + (rows + 1) * columns]
            self._layers.append((weights, bias))
            at += (rows + 1) * columns
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        values = NumpyCodec.decode_input(payload.inputs[0]).reshape(-1, 784).astype(np.float32) / 255
        for weights, bias in self._layers[:-1]:
            values = np.maximum(values @ weights + bias, 0)
        logits = values @ self._layers[-1][0] + self._layers[-1][1]
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        return InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output("probabilities", probabilities)],
        )

"""Builds CAM++ (Wang and others, 2023; a network that tells voices apart) as an ONNX
model from its published weights, at installation, without PyTorch.

The length of a window is fixed, so the network's means over stretches of 100
frames are means over all of its 74.
"""
from __future__ import annotations

import os
import sys

import numpy as np

from .onnxfile import Graph
from .weights import read

BANDS, FRAMES = 80, 148  # 1.5 s, 25 ms every 10 ms
HALF = FRAMES // 2
BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers, dilation
SIZE = 192


class Builder:
    def __init__(self, weights: dict) -> None:
        self.w, self.g = weights, Graph()

    def scale(self, name: str, affine: bool = True):
        """What a batch normalisation does once it has learned: x * scale + shift."""
        w = self.w
        scale = 1 / np.sqrt(w[name + ".running_var"] + 1e-5)
        shift = -w[name + ".running_mean"] * scale
        if affine:
            scale, shift = scale * w[name + ".weight"], shift * w[name + ".weight"] + w[name + ".bias"]
        return scale, shift

    def norm(self, x: str, name: str, affine: bool = True) -> str:
        scale, shift = self.scale(name, affine)
        shape = (1, -1, 1) if affine else (1, -1)
        x = self.g.node("Mul", x, self.g.constant(name + ".scale", scale.reshape(shape)))
        return self.g.node("Add", x, self.g.constant(name + ".shift", shift.reshape(shape)))

    def conv(self, x: str, name: str, norm: str = "", **attributes) -> str:
        """A convolution; the normalisation that follows it is multiplied into it."""
        weight, bias = self.w[name + ".weight"], self.w.get(name + ".bias")
        if norm:
            scale, bias = self.scale(norm)
            weight = weight * scale.reshape((-1,) + (1,) * (weight.ndim - 1))
        inputs = [x, self.g.constant(name + ".w", weight)]
        if bias is not None:
            inputs.append(self.g.constant(name + ".b", bias))
        return self.g.node("Conv", *inputs, **attributes)

    def relu(self, x: str) -> str:
        return self.g.node("Relu", x)

    def block(self, x: str, name: str, stride: int) -> str:
        pads = [1, 1, 1, 1]
        out = self.relu(self.conv(x, name + ".conv1", name + ".bn1", pads=pads, strides=[stride, 1]))
        out = self.conv(out, name + ".conv2", name + ".bn2", pads=pads)
        if name + ".shortcut.0.weight" in self.w:
            x = self.conv(x, name + ".shortcut.0", name + ".shortcut.1", strides=[stride, 1])
        return self.relu(self.g.node("Add", out, x))

    def dense(self, x: str, name: str, dilation: int) -> str:
        """One layer of the densely connected blocks, masked by its context."""
        h = self.conv(self.relu(self.norm(x, name + ".nonlinear1.batchnorm")), name + ".linear1", name + ".nonlinear2.batchnorm")
        h = self.relu(h)
        # The mean of all, and the mean of the stretch of 100 frames, which is all too.
        context = self.g.node("Mul", self.g.node("ReduceMean", h, axes=[2]), self.g.constant("two", np.float32(2)))
        mask = self.conv(self.relu(self.conv(context, name + ".cam_layer.linear1")), name + ".cam_layer.linear2")
        local = self.conv(h, name + ".cam_layer.linear_local", dilations=[dilation], pads=[dilation, dilation])
        return self.g.node("Mul", local, self.g.node("Sigmoid", mask))

    def build(self) -> bytes:
        g = self.g
        x = g.node("Reshape", "bands", g.constant("plane", np.array([-1, 1, BANDS, FRAMES])))
        x = self.relu(self.conv(x, "head.conv1", "head.bn1", pads=[1, 1, 1, 1]))
        for layer in ("layer1", "layer2"):
            x = self.block(self.block(x, f"head.{layer}.0", 2), f"head.{layer}.1", 1)
        x = self.relu(self.conv(x, "head.conv2", "head.bn2", pads=[1, 1, 1, 1], strides=[2, 1]))
        x = g.node("Reshape", x, g.constant("line", np.array([-1, 32 * BANDS // 8, FRAMES])))
        x = self.relu(self.conv(x, "xvector.tdnn.linear", "xvector.tdnn.nonlinear.batchnorm", pads=[2, 2], strides=[2]))
        for n, (layers, dilation) in enumerate(BLOCKS, 1):
            for i in range(1, layers + 1):
                x = g.node("Concat", x, self.dense(x, f"xvector.block{n}.tdnnd{i}", dilation), axis=1)
            x = self.conv(self.relu(self.norm(x, f"xvector.transit{n}.nonlinear.batchnorm")), f"xvector.transit{n}.linear")
        x = self.relu(self.norm(x, "xvector.out_nonlinear.batchnorm"))
        mean = g.node("ReduceMean", x, axes=[2])
        away = g.node("Sub", x, mean)
        spread = g.node("ReduceMean", g.node("Mul", away, away), axes=[2])
        spread = g.node("Sqrt", g.node("Mul", spread, g.constant("unbiased", np.float32(HALF / (HALF - 1)))))
        x = g.node("Flatten", g.node("Concat", mean, spread, axis=1), axis=1)
        x = g.node("MatMul", x, g.constant("out.w", self.w["xvector.dense.linear.weight"][:, :, 0].T))
        scale, shift = self.scale("xvector.dense.nonlinear.batchnorm", affine=False)
        x = g.node("Add", g.node("Mul", x, g.constant("out.scale", scale)), g.constant("out.shift", shift))
        return g.model(("bands", ["n", BANDS, FRAMES]), (x, ["n", SIZE]))


def main(source: str, target: str) -> None:
    """Weights in, model out; tried once before it is taken."""
    with open(target + ".part", "wb") as out:
        out.write(Builder(read(source)).build())
    import onnxruntime

    session = onnxruntime.InferenceSession(target + ".part", providers=["CPUExecutionProvider"])
    got = session.run(None, {"bands": np.zeros((2, BANDS, FRAMES), np.float32)})[0]
    if got.shape != (2, SIZE) or not np.isfinite(got).all():
        sys.exit("the model does not work")
    os.replace(target + ".part", target)

"""Write a PyTorch encoder as one ONNX file with 8-bit weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np

OPSET = 18
"""Version of the ONNX operators."""

N_PIECES = 30522
"""Word pieces that the tokeniser knows."""

LARGEST_WEIGHT = 63
"""Whole number for the largest weight of a column: 2 * 255 * 63 fits 16 bits with its sign."""

LARGEST_ACTIVATION = 127
"""Whole number for the largest activation of a row, before 128 is added."""


def export_float(network, out: Path) -> None:
    """Write an encoder as ONNX in single precision.

    Parameters
    ----------
    network : torch.nn.Module
        From `training.encoder.adapt`.
    out : Path
        File to write. Inputs ``ids`` and ``mask`` of shape (n_chunks, n_pieces), int64; output
        ``scores`` of shape (n_chunks, n_pieces, n_columns).
    """
    import torch

    network.eval()
    network.encoder.set_attn_implementation("eager")
    # Two tensors: given one for both, the exporter takes ids and mask for the same input.
    ids = torch.arange(1000, 1016).reshape(2, 8)
    mask = torch.ones(2, 8, dtype=torch.int64)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    torch.onnx.export(
        network,
        (ids, mask),
        str(out),
        input_names=["ids", "mask"],
        output_names=["scores"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def quantise(source: Path, out: Path) -> None:
    """Store the weights in 8 bits, and multiply whole numbers.

    Each word piece has a scale of its own, in the table of pieces and in the activations.
    onnxruntime's own dynamic quantisation takes one scale for a whole batch, so that a
    sentence's vector depends on the sentences beside it. Weights span 7 bits, so that sums
    of two products fit 16 bits on processors without VNNI, where longer ones would be cut off.

    Parameters
    ----------
    source : Path
        From `export_float`.
    out : Path
        File to write.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    constants: dict[str, np.ndarray] = {
        "axis": np.array([-1]),
        "step": np.float32(1 / LARGEST_ACTIVATION),
        "least": np.float32(1e-9),
        "one": np.float32(1),
        "zero": np.uint8(128),
    }
    nodes, scaled, replaced = [], set(), set()

    def add(operator: str, inputs: list[str], output: str, **attributes) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            rows, name = node.input
            if rows not in scaled:  # queries, keys and values share their input
                scaled.add(rows)
                add("Abs", [rows], f"{rows}_abs")
                add("ReduceMax", [f"{rows}_abs", "axis"], f"{rows}_max", keepdims=1)
                add("Mul", [f"{rows}_max", "step"], f"{rows}_step")
                add("Max", [f"{rows}_step", "least"], f"{rows}_scale")
                add("Div", [rows, f"{rows}_scale"], f"{rows}_steps")
                add("QuantizeLinear", [f"{rows}_steps", "one", "zero"], f"{rows}_8bit")
            table, scales = round_along(numpy_helper.to_array(weights[name]), 0, LARGEST_WEIGHT)
            constants |= {f"{name}_8bit": table, f"{name}_scale": scales}
            product = node.output[0]
            add("MatMulInteger", [f"{rows}_8bit", f"{name}_8bit", "zero"], f"{product}_int")
            add("Cast", [f"{product}_int"], f"{product}_float", to=TensorProto.FLOAT)
            add("Mul", [f"{product}_float", f"{rows}_scale"], f"{product}_rows")
            add("Mul", [f"{product}_rows", f"{name}_scale"], product)
        elif node.op_type == "Gather" and list(weights[node.input[0]].dims)[:1] == [N_PIECES]:
            name, ids = node.input
            table, scales = round_along(numpy_helper.to_array(weights[name]), 1, 127)
            constants |= {f"{name}_8bit": table, f"{name}_scale": scales}
            add("Gather", [f"{name}_8bit", ids], "pieces_8bit")
            add("Cast", ["pieces_8bit"], "pieces_float", to=TensorProto.FLOAT)
            add("Gather", [f"{name}_scale", ids], "pieces_scale")
            add("Mul", ["pieces_float", "pieces_scale"], node.output[0])
        else:
            nodes.append(node)
            continue
        replaced.add(name)
    for part in (model, graph, *nodes, *graph.input, *graph.output):
        part.doc_string = ""
        del part.metadata_props[:]  # the exporter notes its own source lines, paths included
    kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
    kept += [numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()]
    del graph.initializer[:], graph.node[:], graph.value_info[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, out)


def round_along(weights, axis: int, largest: int):
    """Round weights to whole numbers, with one scale for each row or column.

    Parameters
    ----------
    weights : ndarray of shape (n_rows, n_columns)
        Single precision.
    axis : int
        0 for a scale for each column, 1 for each row.
    largest : int
        The whole number that stands for the largest weight.

    Returns
    -------
    rounded : ndarray of shape (n_rows, n_columns)
        Int8.
    scales : ndarray
        Float32, of shape (n_columns,) or (n_rows, 1); `rounded` times it is about `weights`.
    """
    scales = np.maximum(np.abs(weights).max(axis=axis, keepdims=True), 1e-9) / largest
    rounded = np.rint(weights / scales).astype(np.int8)
    return rounded, (scales[0] if axis == 0 else scales).astype(np.float32)

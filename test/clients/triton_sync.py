"""tritonclient over HTTP as it is used with its defaults (binary both ways, no Content-Type), and with its options. python triton_sync.py HOST:PORT MODEL"""

import sys

import numpy as np
import tritonclient.http as http
from images import check, images, labels
from tritonclient.utils import InferenceServerException

url, model = sys.argv[1:3]
client = http.InferenceServerClient(url=url)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(model)
assert not client.is_model_ready("none")
assert client.get_server_metadata()["extensions"] == ["binary_tensor_data"]
metadata = client.get_model_metadata(model)
assert metadata["outputs"][0]["name"] == "probabilities", metadata
assert client.is_model_ready(model, metadata["versions"][0])
assert [entry["name"] for entry in client.get_model_repository_index()] == [model]

COUNT = 64
data = images(COUNT)


def tensor(array, datatype, binary=True):
    given = http.InferInput("image", list(array.shape), datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return [given]


# Defaults: all outputs, binary.
answer = client.infer(model, tensor(data, "UINT8"))
check(answer.as_numpy("probabilities"), COUNT)
assert [text.decode() for text in answer.as_numpy("label")] == [str(k) for k in answer.as_numpy("index")]
sets = answer.as_numpy("set")
assert sets.dtype == bool and sets.shape == (COUNT, 10) and sets.any(axis=1).all()
sure = answer.as_numpy("sure")
assert [reason == b"" for reason in answer.as_numpy("not_sure")] == sure.tolist()
assert answer.get_response()["parameters"]["decision_id"]
expected = answer.as_numpy("probabilities")

for datatype, array in [
    ("FP32", data.astype(np.float32)),
    ("FP64", data.reshape(COUNT, 784).astype(np.float64)),
    ("FP16", data.astype(np.float16)),
    ("INT64", data.astype(np.int64)),
    ("UINT16", data.astype(np.uint16)),
]:
    for binary_in in (True, False):
        if datatype == "FP16" and not binary_in:
            continue
        for binary_out in (True, False):
            outputs = [http.InferRequestedOutput("probabilities", binary_data=binary_out)]
            again = client.infer(
                model,
                tensor(array, datatype, binary_in),
                outputs=outputs,
                request_id="one",
                model_version=metadata["versions"][0],
            )
            assert np.allclose(again.as_numpy("probabilities"), expected, atol=1e-7), datatype
            assert again.get_response()["id"] == "one"
            assert len(again.get_response()["outputs"]) == 1

for packing in ("gzip", "deflate"):
    again = client.infer(
        model,
        tensor(data, "UINT8"),
        request_compression_algorithm=packing,
        response_compression_algorithm=packing,
        parameters={"coverage": 0.9},
    )
    assert (again.as_numpy("probabilities") == expected).all()

pending = [client.async_infer(model, tensor(data[k : k + 1], "UINT8")) for k in range(8)]
for k, one in enumerate(pending):
    assert np.allclose(one.get_result().as_numpy("probabilities"), expected[k : k + 1], atol=1e-7)

for wrong in (
    lambda: client.infer("none", tensor(data, "UINT8")),
    lambda: client.infer(model, tensor(data[:, :14], "UINT8")),
    lambda: client.infer(model, tensor(data, "UINT8"), outputs=[http.InferRequestedOutput("none such")]),
    lambda: client.infer(model, tensor(data.astype(np.float32) / 255, "FP32")),
    lambda: client.infer(model, tensor(data, "UINT8"), outputs=[http.InferRequestedOutput("probabilities", class_count=3)]),
):
    try:
        wrong()
    except InferenceServerException as error:
        assert len(str(error)) > 20, error
    else:
        raise AssertionError("no error")
print("ok", (expected.argmax(axis=1) == labels(COUNT)).sum())

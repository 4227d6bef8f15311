"""What MLServer's clients send and read: its codecs and types over HTTP, and its own inference runner, which is tritonclient's asynchronous one. python mlserver_codecs.py HOST:PORT MODEL"""

import asyncio
import json
import sys
import urllib.request

import numpy as np
from images import check, images
from mlserver.batch_processing import process_batch
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse, MetadataModelResponse, MetadataServerResponse

url, model = sys.argv[1:3]
COUNT = 32


def get(path, body=None):
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://{url}{path}", body and body.encode(), headers)
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Type"] == "application/json", answer.headers
        return answer.read().decode()


assert MetadataServerResponse.model_validate_json(get("/v2")).name == "dactyl"
metadata = MetadataModelResponse.model_validate_json(get(f"/v2/models/{model}"))
assert metadata.inputs[0].datatype == "UINT8", metadata

for array in (images(COUNT), images(COUNT).astype(np.float32), images(COUNT).reshape(COUNT, 784).astype(np.int64)):
    asked = InferenceRequest(id="one", inputs=[NumpyCodec.encode_input("image", array)])
    answer = InferenceResponse.model_validate_json(get(f"/v2/models/{model}/infer", asked.model_dump_json()))
    assert answer.id == "one"
    named = {output.name: output for output in answer.outputs}
    check(NumpyCodec.decode_output(named["probabilities"]), COUNT)
    labels = StringCodec.decode_output(named["label"])
    assert labels == [str(k) for k in NumpyCodec.decode_output(named["index"]).ravel()], labels


async def batch(folder):
    lines = [
        InferenceRequest(inputs=[NumpyCodec.encode_input("image", image[None])]).model_dump_json(exclude_none=True)
        for image in images(8)
    ]
    with open(f"{folder}/in.ndjson", "w") as file:
        file.write("\n".join(lines) + "\n")
    await process_batch(
        model_name=model,
        url=url,
        workers=2,
        retries=1,
        batch_size=4,
        input_data_path=f"{folder}/in.ndjson",
        output_data_path=f"{folder}/out.ndjson",
        binary_data=True,
        batch_interval=0,
        batch_jitter=0,
        timeout=30,
        use_ssl=False,
        insecure=False,
        verbose=False,
        extra_verbose=False,
        transport="rest",
        request_headers=[],
    )
    with open(f"{folder}/out.ndjson") as file:
        answers = [json.loads(line) for line in file]
    assert len(answers) == 8, answers
    for answer in answers:
        assert answer["outputs"][0]["name"] == "probabilities", answer


if len(sys.argv) > 3:
    asyncio.run(batch(sys.argv[3]))
print("ok")

"""kserve's client for the protocol over REST, as it is used. python kserve_rest.py HOST:PORT MODEL"""

import asyncio
import sys

import numpy as np
from images import check, images
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

url, model = sys.argv[1:3]
base = f"http://{url}"
COUNT = 32


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=1))
    assert await client.is_server_live(base)
    assert await client.is_server_ready(base)
    assert await client.is_model_ready(base, model)
    for binary in (True, False):
        for array, datatype in ((images(COUNT), "UINT8"), (images(COUNT).astype(np.float32), "FP32")):
            given = InferInput("image", list(array.shape), datatype)
            given.set_data_from_numpy(array, binary_data=binary)
            answer = await client.infer(base, InferRequest(model, [given]), model_name=model)
            check(answer.outputs[0].as_numpy().reshape(COUNT, 10), COUNT)
    try:
        given = InferInput("image", [1, 2], "UINT8", data=[1, 2])
        await client.infer(base, InferRequest(model, [given]), model_name=model)
    except Exception as error:
        # The message of the server, not the status alone.
        assert "28" in str(error), error
    else:
        raise AssertionError("no error")


asyncio.run(main())
print("ok")

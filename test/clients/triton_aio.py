"""tritonclient's asynchronous client over HTTP, with its defaults. python triton_aio.py HOST:PORT MODEL"""

import asyncio
import sys

import tritonclient.http.aio as http
from images import check, images

url, model = sys.argv[1:3]
COUNT = 32


async def main():
    async with http.InferenceServerClient(url=url) as client:
        assert await client.is_server_live() and await client.is_server_ready()
        assert await client.is_model_ready(model)
        metadata = await client.get_model_metadata(model)
        assert metadata["inputs"][0]["shape"] == [-1, 28, 28], metadata
        data = images(COUNT)
        given = http.InferInput("image", list(data.shape), "UINT8")
        given.set_data_from_numpy(data)
        for packing in (None, "gzip", "deflate"):
            answers = await asyncio.gather(
                *(
                    client.infer(
                        model,
                        [given],
                        request_compression_algorithm=packing,
                        response_compression_algorithm=packing,
                    )
                    for _ in range(4)
                )
            )
            for answer in answers:
                check(answer.as_numpy("probabilities"), COUNT)


asyncio.run(main())
print("ok")

"""The asynchronous client against the same server."""

import asyncio

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter


def test_the_async_client_writes_queries_counts_and_transacts(connect):
    async def scenario():
        client = connect(kind=firestore.AsyncClient)
        collection = client.collection("c")
        for i in range(3):
            await collection.document(f"d{i}").set({"i": i})
        query = collection.where(filter=FieldFilter("i", ">", 0)).order_by("i")
        assert [s.id async for s in query.stream()] == ["d1", "d2"]
        assert (await collection.count(alias="n").get())[0][0].value == 3

        @firestore.async_transactional
        async def add_ten(transaction):
            snapshot = await collection.document("d0").get(transaction=transaction)
            transaction.update(collection.document("d0"), {"i": snapshot.get("i") + 10})

        await add_ten(client.transaction())
        assert (await collection.document("d0").get()).get("i") == 10
        batch = client.batch()
        batch.set(collection.document("z"), {"i": 9})
        await batch.commit()
        assert (await collection.document("z").get()).to_dict() == {"i": 9}
        client.close()

    asyncio.run(scenario())

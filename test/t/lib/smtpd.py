"""An SMTP server for the test of the sender: keeps each message it takes as a
file of the folder it is given, on the disk before it says so. Who is "gone" has
no mailbox, and whose mailbox is "full" is told so once."""

import asyncio
import os
import sys

from aiosmtpd.smtp import SMTP

FOLDER = sys.argv[1]
told = set()
count = 0


class Keeper:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 no such mailbox"
        if address.startswith("full") and address not in told:
            told.add(address)
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global count
        count += 1
        part = os.path.join(FOLDER, f".{count}")
        with open(part, "wb") as file:
            file.write(envelope.original_content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, os.path.join(FOLDER, f"{count:05}.eml"))
        return "250 OK"


async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Keeper()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())

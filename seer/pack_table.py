"""pack_table.py FROM TO - the table of word pieces' vectors with a byte a number instead of four: each row is divided by a
scale of its own, which makes its largest number 127 or -127. 8 MB instead of 30; a mean of many such rows is within a
thousandth of the exact one (meaning_test.c).

Both are safetensors files: eight bytes with the header's length, the header (JSON), the numbers. TO has the tensors
"embeddings" (I8) and "scales" (F32). The same FROM always gives the same TO, byte for byte: model.sha256 pins both."""

import array
import json
import struct
import sys


def little_endian(numbers):
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def read_table(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        rows, dims = json.loads(file.read(length))["embeddings"]["shape"]
        numbers = array.array("f")
        numbers.frombytes(file.read(rows * dims * 4))
    return dims, little_endian(numbers)


def pack(dims, numbers):
    rows, scales = array.array("b"), array.array("f")
    for start in range(0, len(numbers), dims):
        row = numbers[start : start + dims]
        scales.append(max(map(abs, row)) / 127)
        scale = scales[-1]  # as a float has it
        rows.extend(round(number / scale) if scale else 0 for number in row)
    return rows, scales


def write_table(path, dims, rows, scales):
    count, size = len(scales), len(rows)
    header = json.dumps({
        "embeddings": {"dtype": "I8", "shape": [count, dims], "data_offsets": [0, size]},
        "scales": {"dtype": "F32", "shape": [count], "data_offsets": [size, size + 4 * count]},
    }).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.write(rows.tobytes() + little_endian(scales).tobytes())


if __name__ == "__main__":
    dims, numbers = read_table(sys.argv[1])
    write_table(sys.argv[2], dims, *pack(dims, numbers))

"""Writes volumes with nibabel and pynrrd, drawn from a seed, and beside each what the library reads from it.

usage: volumes.py FOLDER SEED COUNT
"""
import json
import sys
from pathlib import Path

import nibabel as nib
import nrrd
import numpy as np

folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw = np.random.default_rng(seed)
listed = []


def numbers(kind, shape):
    kind = np.dtype(kind)
    if kind.kind in 'iu':
        info = np.iinfo(kind)
        return draw.integers(info.min, info.max, shape, kind, endpoint=True)
    values = draw.normal(0, 1000, shape)
    values[draw.random(shape) < 0.05] = np.nan
    if kind.kind == 'c':
        values = values + 1j * draw.normal(0, 1, shape)
    return values.astype(kind)


def keep(name, values, affine=None):
    values = np.ascontiguousarray(values)
    if values.dtype.kind == 'c':
        values = values.view(values.real.dtype).reshape(*values.shape, 2)
    order = values.dtype.newbyteorder('<')
    np.save(folder / f'{name}.expected.npy', np.ascontiguousarray(values.astype(order)))
    listed.append({'file': name, 'affine': None if affine is None else np.asarray(affine).tolist()})


def affine_of():
    turn, _ = np.linalg.qr(draw.normal(size=(3, 3)))
    out = np.eye(4)
    out[:3, :3] = turn * draw.uniform(0.1, 4, 3)
    out[:3, 3] = draw.uniform(-100, 100, 3)
    return out


def nifti(i):
    order = draw.choice(['<', '>'])
    version = draw.choice([1, 2])
    maker, header_of = (nib.Nifti1Image, nib.Nifti1Header) if version == 1 else (nib.Nifti2Image, nib.Nifti2Header)
    kind = draw.choice(['u1', 'i1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8', 'c8', 'c16'])
    shape = tuple(int(n) for n in draw.integers(1, 9, draw.integers(3, 6)))
    header = header_of(endianness=order)
    header.set_data_dtype(np.dtype(kind).newbyteorder(order))
    values = numbers(kind, shape)
    image = maker(values, None, header, dtype=np.dtype(kind))
    form = draw.choice(['sform', 'qform', 'both', 'none'])
    if form in ('sform', 'both'):
        image.set_sform(affine_of(), int(draw.integers(1, 5)))
    if form in ('qform', 'both'):
        image.set_qform(affine_of(), int(draw.integers(1, 5)))
    if form == 'qform':
        image.set_sform(None, 0)
    image.header.set_xyzt_units('mm', 'sec')
    name = f'n{i}.nii' + draw.choice(['', '.gz'])
    nib.save(image, folder / name)
    if kind[0] in 'iuf' and draw.random() < 0.5:
        scale(folder / name, order, version, float(draw.normal()), float(draw.normal(0, 100)))
    again = nib.load(folder / name)
    has_place = again.header['sform_code'] > 0 or again.header['qform_code'] > 0
    keep(name, again.dataobj, again.affine[:3] if has_place else None)


def scale(path, order, version, slope, inter):
    """Writes a slope and a shift into the header, as files from scanners have them."""
    import gzip

    opener = gzip.open if path.suffix == '.gz' else open
    with opener(path, 'rb') as file:
        data = bytearray(file.read())
    at, kind = (112, 'f4') if version == 1 else (176, 'f8')
    pair = np.array([slope, inter], order + kind).tobytes()
    data[at:at + len(pair)] = pair
    with opener(path, 'wb') as file:
        file.write(data)


def mgh(i):
    kind = draw.choice(['u1', 'i2', 'i4', 'f4'])
    shape = tuple(int(n) for n in draw.integers(2, 9, draw.integers(3, 5)))
    image = nib.MGHImage(numbers(kind, shape), affine_of())
    name = f'm{i}.' + draw.choice(['mgz', 'mgh'])
    nib.save(image, folder / name)
    again = nib.load(folder / name)
    keep(name, again.dataobj, again.affine[:3])


def nrrd_file(i):
    kind = draw.choice(['u1', 'i1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8'])
    encoding = draw.choice(['raw', 'gzip', 'ascii'] if kind in ('u1', 'i1', 'i2', 'u2', 'i4') else ['raw', 'gzip'])
    shape = tuple(int(n) for n in draw.integers(1, 9, 3))
    order = 'little' if encoding == 'ascii' else draw.choice(['little', 'big'])
    place = affine_of()
    header = {'encoding': encoding, 'endian': order, 'space': draw.choice(['RAS', 'left-posterior-superior', 'LAS']),
              'space directions': place[:3, :3].T, 'space origin': place[:3, 3], 'space units': ['mm', 'mm', 'mm']}
    values = numbers(kind, shape)
    # pynrrd cannot read back the detached text files that it writes.
    detached = encoding != 'ascii' and draw.random() < 0.3
    name = f'r{i}.' + ('nhdr' if detached else 'nrrd')
    nrrd.write(str(folder / name), values.astype(values.dtype.newbyteorder('<' if order == 'little' else '>')), header,
               detached_header=bool(detached), relative_data_path=True)
    again, read = nrrd.read(str(folder / name))
    keep(name, again, np.column_stack([read['space directions'].T, read['space origin']]))


for i in range(count):
    (nifti, mgh, nrrd_file)[i % 3](i)
(folder / 'listed.json').write_text(json.dumps(listed))

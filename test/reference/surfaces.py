"""Writes surfaces, labels and streamlines with nibabel, drawn from a seed, and beside each what it reads from it.

usage: surfaces.py FOLDER SEED COUNT
"""
import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel import freesurfer as fs
from nibabel.gifti import GiftiDataArray, GiftiImage, GiftiLabel, GiftiLabelTable
from nibabel.streamlines import Tractogram

folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw = np.random.default_rng(seed)
listed = []


def keep(name, **arrays):
    listed.append({'file': name, 'arrays': {key: np.asarray(value, 'f8').tolist() for key, value in arrays.items()}})


def size(most=30):
    return int(draw.integers(4, most))


def gifti(i):
    vertices = size()
    points = draw.normal(0, 50, (vertices, 3)).astype('f4')
    corners = draw.integers(0, vertices, (size(), 3)).astype('i4')
    labels = draw.integers(0, 3, vertices).astype('i4')
    encoding = draw.choice(['GIFTI_ENCODING_ASCII', 'GIFTI_ENCODING_B64BIN', 'GIFTI_ENCODING_B64GZ'])
    # Text is written row by row, whatever its order is called.
    order = 1 if encoding.endswith('ASCII') else draw.choice([1, 2])

    def array(values, intent):
        made = GiftiDataArray(values, intent, encoding=encoding)
        made.ind_ord = order
        return made

    image = GiftiImage(darrays=[array(points, 'NIFTI_INTENT_POINTSET'), array(corners, 'NIFTI_INTENT_TRIANGLE'),
                                array(labels, 'NIFTI_INTENT_LABEL')])
    table = GiftiLabelTable()
    for key in range(3):
        label = GiftiLabel(key, *draw.random(4))
        label.label = f'part & "{key}"'
        table.labels.append(label)
    image.labeltable = table
    name = f'g{i}.gii'
    nib.save(image, folder / name)
    again = nib.load(folder / name)
    keep(name, **dict(zip(['pointset', 'triangle', 'label'], (one.data for one in again.darrays))))


def surface(i):
    vertices = size()
    fs.write_geometry(folder / f's{i}.white', draw.normal(0, 50, (vertices, 3)), draw.integers(0, vertices, (size(), 3)))
    points, corners = fs.read_geometry(folder / f's{i}.white')
    keep(f's{i}.white', pointset=points, triangle=corners)
    fs.write_morph_data(folder / f'c{i}.curv', draw.normal(size=vertices))
    keep(f'c{i}.curv', curv=fs.read_morph_data(folder / f'c{i}.curv'))
    colours = np.column_stack([draw.permutation(256)[:5], draw.integers(0, 256, (5, 2)), np.zeros(5, int), np.zeros(5, int)])
    fs.write_annot(folder / f'a{i}.annot', draw.integers(-1, 5, vertices), colours, [f'n{k}' for k in range(5)], fill_ctab=True)
    labels, _, _ = fs.read_annot(folder / f'a{i}.annot')
    keep(f'a{i}.annot', label=labels)


def tracks(i):
    lines = [draw.normal(0, 30, (int(n), 3)).astype('f4') for n in draw.integers(2, 20, size(10))]
    # Where axes of the order and the affine change places and turn, nibabel takes the inverse of the change for the change.
    places = draw.permutation(3).tolist()
    affine = np.diag([*draw.uniform(0.5, 3, 3), 1])[places + [3]]
    if places == [0, 1, 2]:
        affine[:3, :3] *= draw.choice([-1, 1], 3)
    affine[:3, 3] = draw.normal(0, 50, 3)
    tractogram = Tractogram(lines, affine_to_rasmm=np.eye(4))
    tractogram.data_per_point['fa'] = [draw.random((len(line), 1)).astype('f4') for line in lines]
    tractogram.data_per_streamline['mean'] = draw.random((len(lines), 2)).astype('f4')
    own = ''.join(nib.aff2axcodes(affine))
    header = {'voxel_to_rasmm': affine, 'dimensions': draw.integers(5, 90, 3), 'voxel_sizes': nib.affines.voxel_sizes(affine),
              'voxel_order': draw.choice([own, 'LPS', 'RAS']) if places == [0, 1, 2] else own}
    nib.streamlines.save(tractogram, folder / f't{i}.trk', header=header)
    nib.streamlines.save(Tractogram(lines, affine_to_rasmm=np.eye(4)), folder / f'k{i}.tck')
    for name in (f't{i}.trk', f'k{i}.tck'):
        again = nib.streamlines.load(folder / name).tractogram
        more = {'fa': np.concatenate(again.data_per_point['fa']).ravel(), 'mean_1': again.data_per_streamline['mean'][:, 0]} if name[0] == 't' else {}
        keep(name, points=np.concatenate(again.streamlines), counts=[len(line) for line in again.streamlines], **more)


for i in range(count):
    (gifti, surface, tracks)[i % 3](i)
(folder / 'listed.json').write_text(json.dumps(listed))

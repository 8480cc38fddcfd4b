"""Writes random files with the reference libraries (h5py, pynwb, anndata, scipy, zarr) into a folder, and what they hold as JSON on stdout.

Tables are columns of values, NaN as null, whole numbers beyond 2^53 as text; arrays are dtype, shape and the sha256 of their bytes
(C order, little-endian)."""
import datetime
import hashlib
import json
import os
import sys

import numpy as np

folder, seed = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(seed)
cases = []


def plain(value):
    if isinstance(value, (bytes, np.bytes_)):
        return value.decode()
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, (np.integer, int)):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    if isinstance(value, (np.floating, float)):
        return None if np.isnan(value) else float(value)
    return value


def column(values):
    values = list(values)
    wide = any(isinstance(v, (np.integer, int)) and not isinstance(v, (bool, np.bool_)) and abs(int(v)) >= 2**53 for v in values)
    return [str(int(v)) if wide else plain(v) for v in values]


def array(values):
    values = np.ascontiguousarray(values)
    if values.dtype.kind == 'f' and values.dtype.itemsize == 2:
        values = values.astype(np.float32)
    little = values.astype(values.dtype.newbyteorder('<'))
    name = 'b1' if values.dtype == bool else values.dtype.kind + str(values.dtype.itemsize)
    return {'dtype': name, 'shape': list(values.shape), 'sha256': hashlib.sha256(little.tobytes()).hexdigest()}


def case(name, format, file, tables=None, arrays=None, warnings=None):
    cases.append({'name': name, 'format': format, 'file': file, 'tables': tables or {}, 'arrays': arrays or {}, 'warnings': warnings or []})


def values_of(dtype, shape):
    kind = np.dtype(dtype)
    if kind.kind == 'f':
        out = rng.normal(size=shape).astype(kind)
        out.reshape(-1)[: out.size // 7] = np.nan
        return out
    info = np.iinfo(kind)
    return rng.integers(info.min, info.max, size=shape, dtype=kind.newbyteorder('='), endpoint=True).astype(kind)


def hdf5_files():
    import h5py

    file = os.path.join(folder, 'numbers.h5')
    arrays, tables = {}, {}
    with h5py.File(file, 'w', libver=[('earliest', 'latest'), 'latest'][seed % 2]) as f:
        for letter in '<>':
            for code in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8']:
                shape = tuple(int(n) for n in rng.integers(1, 9, size=rng.integers(2, 5)))
                data = values_of(letter + code, shape)
                name = ('little_' if letter == '<' else 'big_') + code
                options = [{}, {'chunks': tuple(min(3, n) for n in shape)}, {'compression': 'gzip', 'shuffle': True}, {'compression': 'lzf', 'fletcher32': True}][rng.integers(4)]
                f.create_dataset(name, data=data, **options)
                arrays[name] = array(data)
        truth = rng.random((4, 5)) < 0.5
        f['truth'] = truth
        arrays['truth'] = array(truth)
        empty = np.zeros((0, 3), 'f4')
        f['empty'] = empty
        arrays['empty'] = array(empty)
        rows = int(rng.integers(2, 5000))
        group = f.create_group('session/trials')
        columns = {
            'x': values_of('>f8', rows),
            'id': rng.integers(2**60, 2**63 - 1, size=rows),
            'small': values_of('<i2', rows),
            'on': rng.random(rows) < 0.5,
        }
        for name, data in columns.items():
            group[name] = data
        words = np.array(['ü', 'a b', '', 'ℝ' * 20], dtype=object)[rng.integers(4, size=rows)]
        group.create_dataset('word', data=words, dtype=h5py.string_dtype())
        short = np.array([b'ab', b'c', b''])[rng.integers(3, size=rows)]
        group['short'] = short
        level = rng.integers(3, size=rows)
        group.create_dataset('level', data=level, dtype=h5py.enum_dtype({'low': 0, 'mid': 1, 'high': 2}, basetype='i2'))
        tables['session_trials'] = {name: column(data) for name, data in columns.items()} | {
            'word': list(words), 'short': [s.decode() for s in short], 'level': [['low', 'mid', 'high'][k] for k in level]}
        record = np.zeros(rows, dtype=[('a', '>i4'), ('b', '<f8'), ('xy', '<f4', (2,)), ('s', 'S3')])
        record['a'], record['b'] = values_of('<i4', rows), values_of('<f8', rows)
        record['xy'], record['s'] = values_of('<f4', (rows, 2)), short
        f['record'] = record
        tables['record'] = {'a': column(record['a']), 'b': column(record['b']), 'xy_0': column(record['xy'][:, 0]), 'xy_1': column(record['xy'][:, 1]), 's': [s.decode() for s in short]}
        lists = [values_of('<i4', int(n)) for n in rng.integers(0, 5, size=6)]
        data = f.create_dataset('lists', (6,), dtype=h5py.vlen_dtype('<i4'))
        for i, one in enumerate(lists):
            data[i] = one
        tables['lists'] = {'row': [i for i, one in enumerate(lists) for _ in one], 'value': [int(v) for one in lists for v in one]}
    case('HDF5 of h5py', 'hdf5', file, tables, arrays)


def nwb_files():
    from pynwb import NWBHDF5IO, NWBFile, TimeSeries
    from pynwb.ecephys import ElectricalSeries

    start = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    nwb = NWBFile(session_description='random', identifier=f'seed {seed}', session_start_time=start)
    device = nwb.create_device(name='probe')
    group = nwb.create_electrode_group(name='shank', description='d', location='VISp', device=device)
    channels = int(rng.integers(2, 6))
    nwb.add_electrode_column('quality', 'how good')
    for i in range(channels):
        nwb.add_electrode(x=float(i), y=float(rng.normal()), z=float('nan'), location=['VISp', 'CA1'][i % 2], group=group, quality=float(rng.random()))
    nwb.add_trial_column('stimulus', 'what was shown')
    nwb.add_trial_column('licks', 'times of licks', index=True)
    trials = int(rng.integers(1, 40))
    licks = [rng.random(int(n)) for n in rng.integers(0, 4, size=trials)]
    for i in range(trials):
        nwb.add_trial(start_time=float(i), stop_time=i + float(rng.random()), stimulus=f'ü{i % 3}', licks=licks[i])
    nwb.add_unit_column('depth', 'µm')
    units = int(rng.integers(1, 30))
    spikes = [np.sort(rng.random(int(n)) * 100) for n in rng.integers(0, 300, size=units)]
    spikes[0] = np.sort(rng.random(5))
    ids = rng.permutation(1000)[:units]
    for i in range(units):
        nwb.add_unit(spike_times=spikes[i], depth=float(rng.normal()), electrodes=[i % channels, 0], waveform_mean=rng.normal(size=(7, 2)), id=int(ids[i]))
    raw = rng.integers(-30000, 30000, size=(500, channels)).astype('int16')
    region = nwb.create_electrode_table_region(list(range(channels)), 'all')
    nwb.add_acquisition(ElectricalSeries(name='raw', data=raw, electrodes=region, rate=30000.0, starting_time=2.5, conversion=1.95e-7, offset=1e-5))
    speed, times = rng.normal(size=200).astype('f4'), np.sort(rng.random(200))
    nwb.create_processing_module('behavior', 'd').add(TimeSeries(name='speed', data=speed, timestamps=times, unit='cm/s'))
    file = os.path.join(folder, 'random.nwb')
    with NWBHDF5IO(file, 'w') as io:
        io.write(nwb)
    with NWBHDF5IO(file, 'r') as io:
        read = io.read()
        e, t, u = read.electrodes.to_dataframe(), read.trials.to_dataframe(), read.units.to_dataframe()
        volts = read.acquisition['raw'].get_data_in_units()
        series = read.processing['behavior']['speed']
        names = ['/acquisition/raw', '/processing/behavior/speed']
        tables = {
            'electrodes': {'id': column(e.index), 'y': column(e.y), 'z': column(e.z), 'location': list(e.location), 'quality': column(e.quality)},
            'trials': {'id': column(t.index), 'start_time': column(t.start_time), 'stop_time': column(t.stop_time), 'stimulus': list(t.stimulus)},
            'trials_licks': {'trials_id': [int(i) for i, one in t.licks.items() for _ in one], 'licks': [float(v) for one in t.licks for v in one]},
            'units': {'id': column(u.index), 'depth': column(u.depth)},
            'units_spike_times': {'units_id': [int(i) for i, one in u.spike_times.items() for _ in one], 'spike_times': [float(v) for one in u.spike_times for v in one]},
            'samples': {
                'path': [names[0]] * volts.size + [names[1]] * len(speed),
                'time': [2.5 + i / 30000.0 for i in range(500) for _ in range(channels)] + column(series.timestamps[:]),
                'value': column(volts.reshape(-1)) + column(speed.astype('f8')),
            },
        }
        arrays = {'acquisition_raw_data': array(raw), 'processing_behavior_speed_data': array(speed), 'processing_behavior_speed_timestamps': array(times), 'units_waveform_mean': array(np.stack(list(u.waveform_mean)))}
    case('NWB of pynwb', 'nwb', file, tables, arrays)


def entries(matrix, row, column_name):
    """A sparse matrix as its entries, by column."""
    coo = matrix.tocoo()
    order = np.lexsort((coo.row, coo.col))
    return {row: coo.row[order].tolist(), column_name: coo.col[order].tolist(), 'value': column(coo.data[order])}


def h5ad_files():
    import anndata
    import pandas
    import scipy.sparse

    pandas.set_option('future.infer_string', False)
    cells, genes = int(rng.integers(5, 60)), int(rng.integers(3, 40))
    sparse = lambda kind: scipy.sparse.random(cells, genes, 0.2, kind, dtype='f4', rng=rng)
    words = lambda n: pandas.Categorical(np.array(['ü', 'b c', 'L2/3', None], dtype=object)[rng.integers(4, size=n)], ordered=bool(rng.integers(2)))
    obs = pandas.DataFrame({
        'type': words(cells), 'count': rng.integers(0, 2**40, size=cells), 'id': rng.integers(2**60, 2**62, size=cells),
        'score': values_of('f4', cells), 'on': rng.random(cells) < 0.5,
        'maybe': pandas.array([None if i % 3 == 0 else i for i in range(cells)], dtype='Int64'),
        'level': pandas.Categorical(rng.integers(3, size=cells) * 10),
    }, index=[f'cell {i}' for i in range(cells)])
    var = pandas.DataFrame({'symbol': [f'G{i}' for i in range(genes)]}, index=[f'ENSG{i}' for i in range(genes)])
    for name, X in {'csr': sparse('csr'), 'csc': sparse('csc'), 'dense': rng.normal(size=(cells, genes)).astype('f4')}.items():
        data = anndata.AnnData(X=X, obs=obs, var=var)
        data.layers['counts'] = sparse('csr')
        data.obsm['X_pca'] = rng.normal(size=(cells, 3))
        data.obsp['near'] = scipy.sparse.random(cells, cells, 0.1, 'csr', rng=rng)
        data.raw = data.copy()
        data.uns['title'] = 'ü'
        file = os.path.join(folder, f'{name}.h5ad')
        data.write_h5ad(file, compression=[None, 'gzip'][rng.integers(2)])
        read = anndata.read_h5ad(file)
        o = read.obs
        none = lambda values: [None if pandas.isna(v) else plain(v) for v in values]
        tables = {
            'obs': {'cell': list(range(cells)), 'name': list(o.index), 'type': none(o['type']), 'count': column(o['count']), 'id': column(o['id']),
                    'score': column(o['score']), 'on': column(o['on']), 'maybe': none(o['maybe']), 'level': none(o['level'])},
            'var': {'gene': list(range(genes)), 'name': list(read.var.index), 'symbol': list(read.var.symbol)},
            'layers_counts': entries(read.layers['counts'], 'cell', 'gene'),
            'obsp_near': entries(read.obsp['near'], 'cell', 'other_cell'),
        }
        arrays = {'obsm_X_pca': array(read.obsm['X_pca'])}
        if name == 'dense':
            arrays['X'] = array(read.X)
            tables['X'] = {'value': column(read.X.T.reshape(-1))}
        else:
            tables['X'] = entries(read.X, 'cell', 'gene')
            tables['raw_X'] = entries(read.raw.X, 'cell', 'gene')
        case(f'{name} h5ad of anndata', 'h5ad', file, tables, arrays)
        with anndata.settings.override(zarr_write_format=2 + int(rng.integers(2))):
            hierarchy = os.path.join(folder, f'{name}.zarr')
            data.write_zarr(hierarchy)
        case(f'{name} Zarr of anndata', 'zarr', hierarchy, tables, arrays)


def zarr_files():
    import numcodecs
    import zarr
    from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, TransposeCodec, ZstdCodec

    shuffles = ['noshuffle', 'shuffle', 'bitshuffle']
    pick = lambda options: options[rng.integers(len(options))]
    for version in [2, 3]:
        file = os.path.join(folder, f'random.v{version}.zarr')
        group = zarr.open_group(file, mode='w', zarr_format=version, attributes={'by': 'ü', 'big': 2**60, 'nan': float('nan')})
        arrays, tables = {}, {}

        def packed():
            blosc = pick(['blosclz', 'lz4', 'lz4hc', 'zlib', 'zstd'])
            if version == 2:
                return {'compressors': pick([None, numcodecs.Zlib(), numcodecs.GZip(), numcodecs.Zstd(checksum=bool(rng.integers(2))), numcodecs.LZ4(), numcodecs.Blosc(cname=blosc, shuffle=int(rng.integers(3)))])}
            one = pick([None, GzipCodec(), ZstdCodec(), BloscCodec(cname=blosc, shuffle=pick(shuffles)), [ZstdCodec(), Crc32cCodec()]])
            return {'compressors': one}

        for letter in '<>':
            for code in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'b1']:
                shape = tuple(int(n) for n in rng.integers(1, 12, size=rng.integers(2, 5)))
                data = rng.random(shape) < 0.5 if code == 'b1' else values_of(letter + code, shape)
                chunks = tuple(int(rng.integers(1, n + 2)) for n in shape)
                options = packed()
                if version == 2:
                    options |= {'order': pick('CF')}
                    if code[0] in 'iu' and letter == '<' and rng.integers(3) == 0:
                        options['filters'] = [numcodecs.Delta(dtype=letter + code)]
                else:
                    options |= {'serializer': BytesCodec(endian='big' if letter == '>' else 'little')}
                    if rng.integers(3) == 0:
                        options['filters'] = [TransposeCodec(order=tuple(int(i) for i in rng.permutation(len(shape))))]
                    elif rng.integers(2):
                        options['shards'] = tuple(n * int(rng.integers(1, 4)) for n in chunks)
                name = ('little_' if letter == '<' else 'big_') + code
                fill = pick([None, 0, 1, True] if code == 'b1' else [0, 3, float('nan'), float('inf'), -1.5] if code[0] == 'f' else [0, 7])
                z = group.create_array(name, shape=shape, dtype=letter + code if version == 2 else code, chunks=chunks, fill_value=fill, chunk_key_encoding={'name': 'v2', 'separator': pick('./')} if version == 2 else pick([None, {'name': 'v2', 'separator': '.'}]), **options)
                z[...] = data
                whole = z[...]
                if rng.integers(3) == 0 and len(shape) > 1:
                    # What is not written keeps the fill value.
                    part = group.create_array(name + '_part', shape=shape, dtype=z.dtype, chunks=chunks, fill_value=fill, **packed())
                    part[: max(1, shape[0] // 2)] = data[: max(1, shape[0] // 2)]
                    arrays[name + '_part'] = array(part[...])
                arrays[name] = array(whole)
        rows = int(rng.integers(2, 3000))
        words = np.array(['ü', 'a b', '', 'ℝ' * 20], dtype=object)[rng.integers(4, size=rows)]
        text = group.create_array('session/word', shape=(rows,), dtype=str, chunks=(pick([7, 1000]),))
        text[...] = words
        columns = {'x': values_of('<f8', rows), 'id': rng.integers(2**60, 2**63 - 1, size=rows)}
        for name, data in columns.items():
            group.create_array(f'session/{name}', data=data, chunks=(int(rng.integers(1, rows + 1)),), **packed())
        group.create_array('session/letters', data=words.astype('U20'), **packed())
        group.create_array('session/short', data=np.array([b'ab', b'c', b''])[rng.integers(3, size=rows)])
        record = np.zeros(rows, dtype=[('a', '<i4'), ('b', '<f8'), ('s', 'S3')])
        record['a'], record['b'], record['s'] = values_of('<i4', rows), values_of('<f8', rows), group['session/short'][...]
        group.create_array('session/record', data=record)
        when = rng.integers(-2**40, 2**40, size=rows).astype('M8[ms]')
        group.create_array('session/when', data=when)
        tables['session'] = {name: column(data) for name, data in columns.items()} | {
            'word': list(words), 'letters': list(words), 'short': [s.decode() for s in record['s']], 'record_a': column(record['a']),
            'record_b': column(record['b']), 'when': [str(one) for one in when]}
        case(f'Zarr {version} of zarr-python', 'zarr', file, tables, arrays)


def mtx_files():
    import gzip

    import scipy.io
    import scipy.sparse

    for name in ['real', 'integer', 'pattern', 'symmetric', 'skew-symmetric']:
        rows = int(rng.integers(2, 60))
        columns = rows if 'symmetric' in name else int(rng.integers(2, 40))
        matrix = scipy.sparse.random(rows, columns, 0.3, 'coo', rng=rng)
        if name == 'integer':
            matrix = scipy.sparse.coo_matrix((rng.integers(-2**50, 2**50, size=matrix.nnz), matrix.coords), shape=matrix.shape)
        if 'symmetric' in name:
            matrix = (matrix + matrix.T if name == 'symmetric' else matrix - matrix.T).tocoo()
            matrix.eliminate_zeros()
        file = os.path.join(folder, f'{name}.mtx')
        scipy.io.mmwrite(file, matrix, field='pattern' if name == 'pattern' else None, symmetry=name if 'symmetric' in name else 'general', comment='a comment', precision=17)
        case(f'{name} Matrix Market of scipy', 'mtx', file, {name.replace('-', '_'): entries(scipy.io.mmread(file), 'row', 'column')})
    genes, cells = 12, int(rng.integers(2, 30))
    place = os.path.join(folder, 'filtered_feature_bc_matrix')
    os.makedirs(place)
    counts = scipy.sparse.random(genes, cells, 0.4, 'coo', rng=rng)
    counts = scipy.sparse.coo_matrix((rng.integers(1, 99, size=counts.nnz), counts.coords), shape=counts.shape)
    ids, names, barcodes = [f'ENSG{i:05}' for i in range(genes)], [['NA', '7SK', '1-Mar', 'TRUE', '"x'][i % 5] for i in range(genes)], [f'ACGT{i}-1' for i in range(cells)]
    with gzip.open(os.path.join(place, 'matrix.mtx.gz'), 'wb') as f:
        scipy.io.mmwrite(f, counts)
    for part, lines in {'barcodes': barcodes, 'features': [f'{i}\t{n}\tGene Expression' for i, n in zip(ids, names)]}.items():
        with gzip.open(os.path.join(place, f'{part}.tsv.gz'), 'wt') as f:
            f.write(''.join(line + '\n' for line in lines))
    case('10x folder', 'mtx', place, {'X': entries(counts.T, 'cell', 'gene'), 'cells': {'cell': list(range(cells)), 'barcode': barcodes}, 'genes': {'gene': list(range(genes)), 'id': ids, 'name': names}})


def npz_files():
    """What numpy.savez and savez_compressed write; expected is what numpy.load gives."""
    for save in [np.savez, np.savez_compressed]:
        members, table = {}, {}
        for letter in '<>':
            for code in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8']:
                shape = tuple(int(n) for n in rng.integers(0, 9, size=rng.integers(1, 5)))
                members[('little_' if letter == '<' else 'big_') + code] = np.array(values_of(letter + code, shape), order='CF'[rng.integers(2)])
        members['truth'] = rng.random((4, 5)) < 0.5
        members['long'] = rng.normal(size=700_000)
        members['nested/deeper/x'] = values_of('<f4', (3, 4))
        rows = int(rng.integers(2, 300))
        words = np.array(['ü', 'a b', '', 'ℝ' * 20])[rng.integers(4, size=rows)]
        record = np.zeros(rows, dtype=np.dtype([('a', '>i2'), ('b', '<f8'), ('xy', '<f4', (2,)), ('s', 'S3')], align=bool(rng.integers(2))))
        record['a'], record['b'], record['xy'] = values_of('<i2', rows), values_of('<f8', rows), values_of('<f4', (rows, 2))
        when = rng.integers(-2**40, 2**40, size=rows).astype('M8[ms]')
        wave = rng.normal(size=(rows)) + 1j * rng.normal(size=rows)
        file = os.path.join(folder, f'{save.__name__}.npz')
        save(file, **members, words=words, short=words.astype('U2').astype(object).astype('U2'), record=record, when=when, wave=wave, number=np.float64(2.5),
             objects=np.array([{'a': 1}, [1, 2]], dtype=object), meta={'rate': 30000})
        load = np.load(file)
        flat = {'words': list(words), 'short': list(load['short']), 'when': [str(one) for one in when], 'wave_r': column(wave.real), 'wave_i': column(wave.imag),
                'record_a': column(record['a']), 'record_b': column(record['b']), 'record_xy_1': column(record['xy'][:, 1]), 'record_s': [s.decode() for s in record['s']]}
        names = {name: name.replace('/', '_') for name in members}
        case(f'NPZ of {save.__name__}', 'npz', file, {save.__name__: flat, 'about': {'path': ['/number'], 'value': ['2.5']}},
             {names[name]: array(load[name]) for name in members},
             ['/objects holds pickled Python objects', '/meta holds pickled Python objects'])


def mat_variables():
    """Random variables, as Python has them; shapes are as MATLAB shows them."""
    import scipy.sparse

    numbers = {}
    for code in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f4', 'f8']:
        numbers['m_' + code] = values_of(code, tuple(int(n) for n in rng.integers(2, 9, size=rng.integers(2, 5))))
    numbers['truth'] = rng.random((4, 5)) < 0.5
    numbers['small'] = rng.integers(0, 200, size=(30, 4)).astype('f8')
    numbers['nothing'] = np.zeros((0, 3))
    numbers['long'] = rng.normal(size=(3, 40_000))
    units = int(rng.integers(2, 20))
    trains = np.empty((1, units), dtype=object)
    for i in range(units):
        trains[0, i] = np.sort(rng.random((int(rng.integers(0, 60)), 1)) * 100, axis=0)
    trains[0, 0] = np.array([[0.5], [1.5]])
    ids = rng.permutation(500)[:units].astype('f8')
    regions = np.empty((1, units), dtype=object)
    regions[0, :] = [['CA1', 'ü', '', 'MOs'][k] for k in rng.integers(4, size=units)]
    trials = [{'onset': float(i), 'choice': ['left', 'right'][i % 2], 'licks': rng.random((1, int(rng.integers(1, 4)))), 'cue': {'level': float(i * i)}} for i in range(int(rng.integers(2, 9)))]
    trials[0]['licks'] = rng.random((1, 3))
    wave = rng.normal(size=(3, 4)) + 1j * rng.normal(size=(3, 4))
    matrix = scipy.sparse.random(9, 7, 0.3, 'csc', rng=rng)
    table = np.empty((3, 2), dtype=object)
    table[:, 0], table[:, 1] = ['a', 'ü', 'c d'], [1.0, 2.5, -3.0]
    tables = {
        'spikes': {'UID': column(ids), 'region': list(regions[0])},
        'spikes_times': {'row': [i for i in range(units) for _ in trains[0, i]], 'UID': [float(ids[i]) for i in range(units) for _ in trains[0, i]], 'times': [float(v) for one in trains[0] for v in one[:, 0]]},
        'trials': {'onset': [one['onset'] for one in trials], 'choice': [one['choice'] for one in trials]},
        'trials_licks': {'row': [i for i, one in enumerate(trials) for _ in one['licks'][0]], 'licks': [float(v) for one in trials for v in one['licks'][0]]},
        'trials_cue_level': {'level': [one['cue']['level'] for one in trials]},
        'matrix': entries(matrix, 'row', 'column'),
        'table': {'column0': list(table[:, 0]), 'column1': list(table[:, 1])},
        'letters': {'letters': ['ab ', 'cde']},
        'about': {'path': ['/session/name', '/session/rate', '/session/wide', '/matrix'], 'value': ['mouse ü', '30000', str(2**62 + 1), None]},
    }
    arrays = {name: array(value) for name, value in numbers.items()} | {'wave_real': array(wave.real), 'wave_imag': array(wave.imag)}
    return numbers, trains, ids, regions, trials, wave, matrix, table, tables, arrays


def mat_files():
    """What scipy.io.savemat writes, and the files of MATLAB 5 to 7.4 that scipy is tested with."""
    import glob

    import scipy.io

    for compress in [False, True]:
        numbers, trains, ids, regions, trials, wave, matrix, table, tables, arrays = mat_variables()
        del tables['about']
        fields = np.array([tuple(one.values()) for one in trials], dtype=[(name, object) for name in trials[0]])
        file = os.path.join(folder, f'v5_{compress}.mat')
        scipy.io.savemat(file, numbers | {'spikes': {'times': trains, 'UID': ids[None, :], 'region': regions}, 'trials': fields[None, :], 'wave': wave, 'matrix': matrix, 'table': table,
                                          'letters': np.array(['ab ', 'cde']), 'session': {'name': 'mouse ü', 'rate': 30000.0, 'wide': np.int64(2**62 + 1)}}, do_compression=compress)
        case(f'MATLAB 5 of scipy, compressed {compress}', 'matlab', file, tables, arrays, ['/wave is complex'])
    for file in sorted(glob.glob(os.path.join(os.path.dirname(scipy.io.__file__), 'matlab/tests/data/*.mat'))):
        try:
            read = scipy.io.loadmat(file, verify_compressed_data_integrity=True, mat_dtype=True)
        except Exception:
            continue
        arrays = {}
        for name, value in read.items():
            if not name.startswith('__') and isinstance(value, np.ndarray) and value.dtype.kind in 'fiub' and sum(n != 1 for n in value.shape) > 1 and value.size:
                arrays[name] = array(value)
        if arrays and '_4' not in os.path.basename(file).replace('_7.4', '') and 'm4' not in file and 'mat4' not in file:
            case(os.path.basename(file), 'matlab', file, {}, arrays)


class Mat73:
    """Writes MATLAB 7.3: HDF5 with axes in reverse, the class of each variable as an attribute, cells and struct arrays as references."""

    names = {'f8': 'double', 'f4': 'single', 'i1': 'int8', 'u1': 'uint8', 'i2': 'int16', 'u2': 'uint16', 'i4': 'int32', 'u4': 'uint32', 'i8': 'int64', 'u8': 'uint64'}

    def __init__(self, file):
        import h5py

        self.h5py = h5py
        self.file = h5py.File(file, 'w', userblock_size=512)
        self.refs = None

    def close(self, path):
        self.file.close()
        with open(path, 'r+b') as f:
            f.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan 01 00:00:00 2024 HDF5 schema 1.00 .'.ljust(124) + b'\x00\x02IM')

    def put(self, group, name, value):
        if isinstance(value, dict):
            made = group.create_group(name)
            self.mark(made, 'struct')
            for field, one in value.items():
                self.put(made, field, one)
            return made
        if isinstance(value, list):  # an array of structs
            made = group.create_group(name)
            self.mark(made, 'struct')
            for field in value[0]:
                made.create_dataset(field, data=np.array([[self.reference(one[field])] for one in value], dtype=self.h5py.ref_dtype))
            letters = np.empty(len(value[0]), dtype=object)
            letters[:] = [np.array(list(field), dtype='S1') for field in value[0]]
            made.attrs.create('MATLAB_fields', letters, dtype=self.h5py.vlen_dtype(np.dtype('S1')))
            return made
        if hasattr(value, 'tocsc'):
            made = group.create_group(name)
            self.mark(made, 'double')
            made.attrs['MATLAB_sparse'] = np.uint64(value.shape[0])
            made['data'], made['ir'], made['jc'] = value.data, value.indices.astype('u8'), value.indptr.astype('u8')
            return made
        if isinstance(value, str):
            return self.text(group, name, [value])
        value = np.atleast_2d(value)
        if value.dtype.kind == 'U':
            return self.text(group, name, list(value.reshape(-1)))
        if value.size == 0:
            made = group.create_dataset(name, data=np.array(value.shape, dtype='u8'))
            made.attrs['MATLAB_empty'] = np.uint8(1)
            return self.mark(made, 'cell' if value.dtype == object else self.names.get(value.dtype.str[1:], 'double'))
        if value.dtype == object:
            return self.mark(group.create_dataset(name, data=np.array([[self.reference(one) for one in row] for row in value.T], dtype=self.h5py.ref_dtype)), 'cell')
        if value.dtype.kind == 'c':
            pair = np.zeros(value.T.shape, dtype=[('real', 'f8'), ('imag', 'f8')])
            pair['real'], pair['imag'] = value.real.T, value.imag.T
            return self.mark(group.create_dataset(name, data=pair), 'double')
        big = value.size > 100
        made = group.create_dataset(name, data=(value.astype('u1') if value.dtype == bool else value).T, **({'chunks': True, 'compression': 'gzip'} if big else {}))
        if value.dtype == bool:
            made.attrs['MATLAB_int_decode'] = np.int32(1)
        return self.mark(made, 'logical' if value.dtype == bool else self.names[value.dtype.str[1:]])

    def text(self, group, name, rows):
        if rows == ['']:
            made = group.create_dataset(name, data=np.array([0, 0], dtype='u8'))
            made.attrs['MATLAB_empty'] = np.uint8(1)
        else:
            made = group.create_dataset(name, data=np.array([[ord(row[k]) for row in rows] for k in range(len(rows[0]))], dtype='u2'))
            made.attrs['MATLAB_int_decode'] = np.int32(2)
        return self.mark(made, 'char')

    def reference(self, value):
        self.refs = self.refs or self.file.create_group('#refs#')
        return self.put(self.refs, f'r{len(self.refs)}', value).ref

    def mark(self, made, name):
        made.attrs['MATLAB_class'] = np.bytes_(name)
        return made


def mat73_files():
    numbers, trains, ids, regions, trials, wave, matrix, table, tables, arrays = mat_variables()
    del tables['about']
    path = os.path.join(folder, 'v73.mat')
    mat = Mat73(path)
    for name, value in (numbers | {'wave': wave, 'matrix': matrix, 'table': table, 'letters': np.array([['ab '], ['cde']]), 'none': np.empty((0, 0), dtype=object),
                                   'spikes': {'times': trains, 'UID': ids[None, :], 'region': regions}, 'trials': trials,
                                   'session': {'name': 'mouse ü', 'rate': 30000.0, 'wide': np.int64(2**62 + 1)}}).items():
        mat.put(mat.file, name, value)
    handle = mat.mark(mat.file.create_dataset('f', data=np.zeros((1, 6), 'u4')), 'function_handle')
    handle.attrs['MATLAB_object_decode'] = np.int32(1)
    when = mat.mark(mat.file.create_dataset('when', data=np.zeros((1, 6), 'u4')), 'datetime')
    when.attrs['MATLAB_object_decode'] = np.int32(3)
    mat.close(path)
    case('MATLAB 7.3 as published', 'matlab', path, tables, arrays, ['/wave is complex', '/f was left out: it is a function handle', '/when was left out: it is a MATLAB object of the class datetime', 'Axes are as MATLAB shows them'])


wanted = sys.argv[3:] or ['hdf5', 'nwb', 'h5ad', 'mat', 'other']
for name, make in {'hdf5': hdf5_files, 'nwb': nwb_files, 'h5ad': h5ad_files, 'zarr': zarr_files, 'mtx': mtx_files, 'npz': npz_files, 'mat': mat_files, 'mat73': mat73_files}.items():
    if name in wanted:
        make()
json.dump(cases, sys.stdout)

"""Writes the files of NumPy and Arrow beside this one: python make.py. Made with numpy 2.4.6 and pyarrow 26.0.1."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

whole = np.arange(6).reshape(2, 3)
for name, array in {
    'f4': whole.astype('<f4') / 4,
    'f8': whole.astype('<f8') / 4,
    'f8-big': (whole / 4).astype('>f8'),
    'i1': whole.astype('i1') - 3,
    'u1': whole.astype('u1') * 51,
    'i8': whole.astype('<i8') - 2,
    'i8-large': whole.astype('<i8') * 2**40,
    'u2-big': whole.astype('>u2'),
    'b1': whole % 2 == 0,
    'fortran': np.asfortranarray(whole.astype('<f4')),
    'cube': np.asfortranarray(np.arange(24, dtype='<i4').reshape(2, 3, 4)),
    'scalar': np.float32(1.5),
    'empty': np.zeros((0, 3), '<f4'),
    'text': np.array(['a', 'b']),
}.items():
    np.save(f'{name}.npy', array)

rng = np.random.default_rng(0)
x = rng.normal(size=(40, 2)).astype('<f4')
y = (x[:, 0] > 0).astype('<i8')
np.savez('points.npz', x=x, y=y)
np.savez_compressed('split.npz', x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])
np.savez('pictures.npz', X=(rng.uniform(size=(5, 2, 2)) * 255).astype('u1'), labels=np.arange(5))

table = pa.table({
    'a': x[:, 0],
    'b': x[:, 1].astype('f8'),
    'n': pa.array(range(40), pa.int64()),
    'side': np.where(y == 1, 'right', 'left'),
})
pq.write_table(table, 'snappy.parquet', compression='snappy')
pq.write_table(table, 'gzip.parquet', compression='gzip', row_group_size=16)
pq.write_table(table, 'plain.parquet', compression='none', use_dictionary=False)
pq.write_table(pa.table({'a': [1.0, None], 'y': [0, 1]}), 'missing.parquet')
pq.write_table(pa.table({'a': [[1.0], [2.0]], 'y': [0, 1]}), 'nested.parquet')
pq.write_table(table, 'zstd.parquet', compression='zstd')

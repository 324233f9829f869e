import { familyTests } from '../../family.fixture'

familyTests('numpy', {
  'np.float64': 'es un nombre de tipo: no se llama',
  'np.float32': 'es un nombre de tipo: no se llama',
  'np.int64': 'es un nombre de tipo: no se llama',
  'np.int32': 'es un nombre de tipo: no se llama',
  'np.int16': 'es un nombre de tipo: no se llama',
  'np.int8': 'es un nombre de tipo: no se llama',
  'np.bool_': 'es un nombre de tipo: no se llama',
  'np.str_': 'es un nombre de tipo: no se llama',
  'np.object_': 'es un nombre de tipo: no se llama',
})

import { familyTests } from '../../family.fixture'

familyTests('python', {
  'python.object': 'es un nombre de tipo: no se llama',
})

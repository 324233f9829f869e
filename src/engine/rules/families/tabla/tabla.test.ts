import { familyTests } from '../../family.fixture'

familyTests('tabla', {
  'df.map': 'pandas 1.5 lo llama applymap; el nombre es de pandas 2.1',
})

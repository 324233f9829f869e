import { familyTests } from '../../family.fixture'

familyTests('pandas', {
  'pd.Timestamp.today': 'depende del reloj',
  'pd.Timestamp.utcnow': 'depende del reloj',
})

import { familyTests } from '../../family.fixture'

familyTests('agregados')

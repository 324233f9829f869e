import { familyTests } from '../../family.fixture'

familyTests('grupo')

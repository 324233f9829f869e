import { familyTests } from '../../family.fixture'

familyTests('columna')

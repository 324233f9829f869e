import { familyTests } from '../../family.fixture'

familyTests('fecha')

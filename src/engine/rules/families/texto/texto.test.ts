import { familyTests } from '../../family.fixture'

familyTests('texto')

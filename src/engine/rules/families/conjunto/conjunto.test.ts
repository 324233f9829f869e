import { familyTests } from '../../family.fixture'

familyTests('conjunto')

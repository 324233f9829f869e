import { familyTests } from '../../family.fixture'

familyTests('serie')

import { familyTests } from '../../family.fixture'

familyTests('ventana')

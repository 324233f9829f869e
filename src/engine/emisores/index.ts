export { createEmisores, type Emisores, type EmisoresDeps, requireEmisor } from './emisores'
export { type Expectation, expectationsOf, puntualidadDeCasilla } from './expectations'
export { refusalOf } from './permiso-check'
export { makeSubfolder } from './subfolder'

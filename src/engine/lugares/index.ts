export { requireFreeFolder, requireFreePlace, requireFreePrefix, requireFreeProvider } from './overlap'
export { dataDirOf } from './spot'

export { requireFreeFolder, requireFreePlace, requireFreePrefix, requireFreeProvider } from './overlap'

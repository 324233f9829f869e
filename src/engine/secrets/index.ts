export { type Keychain, loadKeychains } from './keychain'
export { PASSPHRASE_FILE } from './passphrase-file'
export { Secretos, type SecretosDeps } from './secretos'
export { SECRETO_USES, type UseLookup } from './uses'

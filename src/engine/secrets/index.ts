export { type Keychain, loadKeychains } from './keychain'
export { PASSPHRASE_FILE } from './passphrase-file'
export { Secretos, type SecretosDeps, type UseLookup } from './secretos'

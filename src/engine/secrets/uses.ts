import { type Db, listDestinoSecretos, listProveedorSecretos } from '@engine/store'
import type { SecretoUso } from '@shared/model/secreto'

/** What uses which secret, asked inside the transaction that would remove one. */
export type UseLookup = (db: Db) => SecretoUso[]

/** Whatever keeps a secret's id stands here, so that no process removes what another one needs. */
export const SECRETO_USES: readonly UseLookup[] = [listDestinoSecretos, listProveedorSecretos]

import type { OperationInput } from '@shared/contract'
import type { SecretoInfo, TipoSecreto, ValorInfo } from '@shared/model/secreto'
import type { Lang } from '@shared/text'
import { parseDay, showDay } from '../../ui/day'
import { SUGGESTED } from './values'

/** A value of the form: what is stored is never here, only what is typed over it. */
export interface ValorDraft {
  key: number
  nombre: string
  valor: string
  guardado: ValorInfo | null
  accion: 'conservar' | 'escribir' | 'quitar'
}

export interface SecretoDraft {
  nombre: string
  tipo: TipoSecreto
  descripcion: string
  /** As typed. */
  vence: string
  recordarDias: number
  rotarCadaDias: number | null
  valores: readonly ValorDraft[]
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/

let lastKey = 0
export const newValor = (nombre: string): ValorDraft => ({
  ...{ key: ++lastKey, nombre, valor: '', guardado: null, accion: 'escribir' },
})

export const draftOf = (secreto: SecretoInfo | null, lang: Lang): SecretoDraft =>
  secreto === null
    ? {
        ...{ nombre: '', tipo: 'base_datos', descripcion: '', vence: '', recordarDias: 14 },
        rotarCadaDias: null,
        valores: SUGGESTED.base_datos.map(newValor),
      }
    : {
        ...{ nombre: secreto.nombre, tipo: secreto.tipo, descripcion: secreto.descripcion },
        vence: secreto.venceEn === null ? '' : showDay(lang, secreto.venceEn),
        recordarDias: secreto.recordarDias,
        rotarCadaDias: secreto.rotarCadaDias,
        valores: secreto.valores.map((guardado) => ({
          ...newValor(guardado.nombre),
          guardado,
          // Without its key nothing of it can be kept.
          accion: secreto.legible ? 'conservar' : 'escribir',
        })),
      }

/** Another kind asks for other values; what was typed already stays. */
export const withTipo = (draft: SecretoDraft, tipo: TipoSecreto): SecretoDraft => {
  const typed = draft.valores.filter(({ valor }) => valor !== '')
  const missing = SUGGESTED[tipo].filter((nombre) => typed.every((one) => one.nombre !== nombre))
  return { ...draft, tipo, valores: [...typed, ...missing.map(newValor)] }
}

export type Fault =
  | { field: 'nombre' | 'vence' | 'valores' }
  | { field: 'valor'; key: number; what: 'nombre' | 'repetido' | 'vacio' }

/** What the engine would refuse, in the order of the form. */
export function faultsOf(draft: SecretoDraft): Fault[] {
  const faults: Fault[] = []
  if (draft.nombre.trim() === '') faults.push({ field: 'nombre' })
  const kept = draft.valores.filter(({ accion }) => accion !== 'quitar')
  if (kept.length === 0) faults.push({ field: 'valores' })
  for (const { key, nombre, valor, accion } of kept) {
    if (!NAME.test(nombre)) faults.push({ field: 'valor', key, what: 'nombre' })
    else if (kept.some((other) => other.key !== key && other.nombre === nombre))
      faults.push({ field: 'valor', key, what: 'repetido' })
    else if (accion === 'escribir' && valor === '') faults.push({ field: 'valor', key, what: 'vacio' })
  }
  if (draft.vence.trim() !== '' && parseDay(draft.vence) === null) faults.push({ field: 'vence' })
  return faults
}

const commonOf = (draft: SecretoDraft) => ({
  nombre: draft.nombre.trim(),
  descripcion: draft.descripcion.trim(),
  venceEn: draft.vence.trim() === '' ? null : parseDay(draft.vence),
  recordarDias: draft.recordarDias,
  rotarCadaDias: draft.rotarCadaDias,
})

/** Without the line break that comes with a copied line, unless there are more lines. */
const typedOf = (draft: SecretoDraft) =>
  draft.valores
    .filter(({ accion }) => accion === 'escribir')
    .map(({ nombre, valor }) => [nombre, valor.replace(/^(.*)\r?\n$/, '$1')] as const)

export const toNuevo = (draft: SecretoDraft): OperationInput<'secretos.create'> => ({
  ...commonOf(draft),
  tipo: draft.tipo,
  valores: Object.fromEntries(typedOf(draft)),
})

/** Only the values that were typed or taken away are named; the others stay as they are. */
export const toCambio = (draft: SecretoDraft): OperationInput<'secretos.update'>['datos'] => ({
  ...commonOf(draft),
  valores: Object.fromEntries([
    ...draft.valores
      .filter(({ guardado, accion }) => guardado !== null && accion === 'quitar')
      .map(({ nombre }) => [nombre, null] as const),
    ...typedOf(draft),
  ]),
})

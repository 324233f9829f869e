import { realpath, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { type ConnectorSpec, connectorSpec, connectorSpecs } from '@engine/connectors'
import type { OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { TipoProveedor } from '@shared/model/proveedor'
import { z } from 'zod'

/** Every kind as its form is drawn: schema, words and secrets are those of its connector. */
export const tiposProveedor = (): TipoProveedor[] =>
  connectorSpecs().map((spec) => ({
    tipo: spec.kind,
    nombre: spec.label,
    resumen: spec.summary,
    esquema: z.toJSONSchema(spec.configSchema, { io: 'input', unrepresentable: 'any' }),
    lugar: spec.placeField ?? null,
    secretos: spec.secretFields.map(({ name, label, help, multiline, when }) => ({
      nombre: name,
      etiqueta: label,
      ...(help === undefined ? {} : { ayuda: help }),
      multilinea: multiline === true,
      ...(when === undefined ? {} : { cuando: when }),
    })),
  }))

type Lugar = OperationParams<'proveedores.create'>['lugar']

/** Path of what a person chose; a token that arrives here was not granted by main. @throws AppError TOKEN_IN_ENGINE */
export function chosenPath(lugar: NonNullable<Lugar>): string {
  if ('path' in lugar) return lugar.path
  throw new AppError('TOKEN_IN_ENGINE', {
    kind: 'bug',
    message: 'El permiso del lugar elegido no se tradujo a una ruta.',
  })
}

async function placeOf(lugar: Lugar, former: unknown): Promise<string> {
  if (lugar === null) {
    if (typeof former === 'string') return former
    throw new AppError('PROVEEDOR_PLACE', {
      kind: 'input',
      message: 'Falta elegir la carpeta del proveedor.',
      hint: 'Elegir una carpeta de este equipo.',
    })
  }
  const path = chosenPath(lugar)
  const real = isAbsolute(path) ? await realpath(path).catch(() => null) : null
  if (real !== null && (await stat(real)).isDirectory()) return real
  throw new AppError('PROVEEDOR_PLACE', {
    kind: 'input',
    message: `No se encuentra la carpeta «${path}».`,
    hint: 'Elegir una carpeta que exista, por su ruta completa.',
  })
}

/**
 * The configuration to keep: checked by its connector, its folder resolved or the one it had.
 * @throws AppError PROVIDER_KIND_UNKNOWN, PROVIDER_CONFIG_INVALID, PROVEEDOR_PLACE, TOKEN_IN_ENGINE
 */
export async function configOf(
  { tipo, config, lugar }: Pick<OperationParams<'proveedores.create'>, 'tipo' | 'config' | 'lugar'>,
  former: { tipo: string; config: Record<string, unknown> } | null,
): Promise<Record<string, unknown>> {
  const spec: ConnectorSpec = connectorSpec(tipo)
  const { placeField } = spec
  if (placeField === undefined) return spec.parse(config)
  // A path typed in the console is no choice of the person's.
  if (placeField in config && config[placeField] !== former?.config[placeField]) {
    throw new AppError('PROVEEDOR_PLACE', {
      kind: 'input',
      message: 'La carpeta del proveedor se elige, no se escribe.',
      hint: 'Elegirla con el botón de carpetas.',
    })
  }
  const kept = former?.tipo === tipo ? former.config[placeField] : undefined
  return spec.parse({ ...config, [placeField]: await placeOf(lugar, kept) })
}

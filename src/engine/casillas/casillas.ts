import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Log } from '@engine/logging'
import { dataDirOf, requireFreeFolder, requireFreePrefix } from '@engine/lugares'
import { requireProveedor } from '@engine/proveedores'
import type { RuleChecker } from '@engine/sage-yaml'
import {
  type CasillaChange,
  type CasillaRow,
  type Db,
  findCasilla,
  findYamlVersion,
  insertCasilla,
  insertYamlVersion,
  listYamlVersions,
  removeCasilla,
  replaceCatalogos,
  type Store,
  setYamlVersion,
  updateCasilla,
  writeAuditoria,
  type YamlVersionText,
} from '@engine/store'
import type { Emit, OperationOutput, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { Casilla, YamlVersion } from '@shared/model/casilla'
import type { SageSchema } from '@shared/model/schema'
import { viewCasilla, viewCasillas } from './casilla-view'
import { receptionChange } from './reception-change'
import { requireYaml } from './yaml-check'

export interface CasillasDeps {
  store: Store
  log: Log
  emit: Emit
  checkRules: RuleChecker
}

export interface Casillas {
  list(): Casilla[]
  get(id: number): Casilla
  create(input: OperationParams<'casillas.create'>): Promise<Casilla>
  update(input: OperationParams<'casillas.update'>): Promise<Casilla>
  remove(id: number): Promise<void>
  yaml(id: number, version?: number): OperationOutput<'casillas.yaml'>
  versions(id: number): YamlVersion[]
  saveYaml(input: OperationParams<'casillas.saveYaml'>): Promise<YamlVersion>
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const nowIso = (): string => new Date().toISOString()

const noCasilla = (id: number): AppError =>
  new AppError('CASILLA_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe la casilla ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })

/** A casilla that lives. @throws AppError CASILLA_NOT_FOUND */
export function requireCasilla(db: Db, id: number): CasillaRow {
  const row = findCasilla(db, id)
  if (!row || row.eliminado_en !== null) throw noCasilla(id)
  return row
}

/** The YAML that a casilla has now, or a former version. @throws AppError YAML_VERSION_NOT_FOUND */
export function requireVersion(db: Db, casilla: CasillaRow, version = casilla.yaml_version): YamlVersionText {
  const found = findYamlVersion(db, casilla.id, version)
  if (found) return found
  throw new AppError('YAML_VERSION_NOT_FOUND', {
    kind: 'not-found',
    message: `La casilla «${casilla.nombre}» no tiene una versión ${version} de su YAML.`,
  })
}

const catalogsOf = (schema: SageSchema) =>
  [...schema.catalogs.values()].map(({ id, name, filename, fields }) => ({
    catalogo: id,
    nombre: name,
    archivo: filename,
    campos: fields.length,
  }))

export interface CasillaSeed extends OperationParams<'casillas.create'> {
  /** Sample input, relative to the resources folder. */
  muestra: string | null
}

/** Inserts a casilla with version 1 of its YAML and its catalogs; to be called inside a write. */
export function plantCasilla(db: Db, seed: CasillaSeed, schema: SageSchema, now: string): number {
  const { nombre, descripcion, nombreYaml, politica, muestra } = seed
  const id = insertCasilla(db, { nombre, descripcion, nombreYaml, politica, muestra, now })
  const version = {
    casillaId: id,
    version: 1,
    sha256: sha256(seed.yaml),
    contenido: seed.yaml,
    nota: '',
    now,
  }
  insertYamlVersion(db, version)
  replaceCatalogos(db, id, catalogsOf(schema))
  writeAuditoria(
    db,
    { accion: 'casilla.creada', objeto: 'casilla', objetoId: String(id), detalle: { nombre } },
    now,
  )
  return id
}

/** The file name a YAML is kept under: no folder, and an extension that says what it is. */
function yamlName(given: string): string {
  const name = basename(given.replaceAll('\\', '/')).trim()
  return name === '' ? 'esquema.yaml' : name
}

/**
 * Casillas: each with one current YAML and every version it ever had. A YAML is kept only when it has no errors; saving checks that
 * nobody saved in between; the same text makes no new version.
 */
export function createCasillas(deps: CasillasDeps): Casillas {
  const { store, log, emit } = deps
  const { db } = store
  const dataDir = dataDirOf(store)

  /** Inside the write that keeps it, so that two at once can not take one place. */
  const checkPlace = (tx: Db, { carpeta, origenRemoto }: CasillaChange, own: number | null): void => {
    if (carpeta) requireFreeFolder(tx, carpeta, own, dataDir)
    if (origenRemoto) {
      requireProveedor(tx, origenRemoto.proveedorId)
      requireFreePrefix(tx, origenRemoto, own, dataDir)
    }
  }
  const get = (id: number): Casilla => viewCasilla(db, requireCasilla(db, id))
  const changed = (id: number): Casilla => {
    emit('casillas.changed', { id })
    return get(id)
  }

  return {
    get,
    list: () => viewCasillas(db),
    async create(input) {
      const seed = {
        ...input,
        nombre: cleanName(input.nombre),
        nombreYaml: yamlName(input.nombreYaml),
        muestra: null,
      }
      const schema = requireYaml(seed.yaml, seed.nombreYaml, deps.checkRules)
      const reception = receptionChange(input)
      const id = await store.write((tx) => {
        const now = nowIso()
        checkPlace(tx, reception, null)
        const made = plantCasilla(tx, seed, schema, now)
        updateCasilla(tx, made, reception, now)
        return made
      })
      log.info('casilla.created', 'Casilla creada', { casillaId: id, nombre: seed.nombre })
      return changed(id)
    },
    async update({ id, ...change }) {
      const { nombre, descripcion, politica, activa } = change
      const plain = { descripcion, politica, activa, ...receptionChange(change) }
      const clean = nombre === undefined ? plain : { ...plain, nombre: cleanName(nombre) }
      await store.write((tx) => {
        requireCasilla(tx, id)
        checkPlace(tx, clean, id)
        const now = nowIso()
        updateCasilla(tx, id, clean, now)
        writeAuditoria(
          tx,
          { accion: 'casilla.cambiada', objeto: 'casilla', objetoId: String(id), detalle: clean },
          now,
        )
      })
      log.info('casilla.updated', 'Casilla cambiada', { casillaId: id, ...clean })
      return changed(id)
    },
    async remove(id) {
      const removed = await store.write((tx) => {
        const now = nowIso()
        if (findCasilla(tx, id) === null) throw noCasilla(id)
        if (!removeCasilla(tx, id, now)) return false
        writeAuditoria(tx, { accion: 'casilla.eliminada', objeto: 'casilla', objetoId: String(id) }, now)
        return true
      })
      if (!removed) return
      log.info('casilla.removed', 'Casilla eliminada; sus ejecuciones se conservan', { casillaId: id })
      emit('casillas.changed', { id })
      emit('casillas.removed', { id })
    },
    yaml(id, version) {
      const casilla = requireCasilla(db, id)
      const found = requireVersion(db, casilla, version)
      return { version: found.version, text: found.contenido, nombreYaml: casilla.nombre_yaml }
    },
    versions(id) {
      requireCasilla(db, id)
      return listYamlVersions(db, id)
    },
    async saveYaml(input) {
      const saved = await saveYaml(deps, input)
      if (saved.isNew) {
        log.info('casilla.yaml-saved', 'YAML guardado', {
          casillaId: input.id,
          version: saved.version.version,
        })
        emit('casillas.changed', { id: input.id })
      }
      return saved.version
    },
  }
}

function cleanName(nombre: string): string {
  const clean = nombre.trim()
  if (clean !== '') return clean
  throw new AppError('INPUT_INVALID', { kind: 'input', message: 'La casilla necesita un nombre.' })
}

async function saveYaml(
  { store, checkRules }: CasillasDeps,
  input: OperationParams<'casillas.saveYaml'>,
): Promise<{ version: YamlVersion; isNew: boolean }> {
  const hash = sha256(input.text)
  const casilla = requireCasilla(store.db, input.id)
  const current = requireVersion(store.db, casilla)
  if (current.sha256 === hash) return { version: withoutText(current), isNew: false }
  const schema = requireYaml(input.text, casilla.nombre_yaml, checkRules)
  return store.write((tx) => {
    const now = nowIso()
    const before = requireVersion(tx, requireCasilla(tx, input.id))
    // Two saves of one text (a double click) are one save.
    if (before.sha256 === hash) return { version: withoutText(before), isNew: false }
    if (before.version !== input.baseVersion) {
      throw new AppError('YAML_CONFLICT', {
        kind: 'conflict',
        message: `El YAML de «${casilla.nombre}» cambió durante la edición: el texto parte de la versión ${input.baseVersion} y ya va en la ${before.version}.`,
        hint: 'Comparar el texto con la versión actual y volver a guardar.',
        details: { baseVersion: input.baseVersion, currentVersion: before.version },
      })
    }
    const version = before.version + 1
    const { text: contenido, nota, id: casillaId } = input
    insertYamlVersion(tx, { casillaId, version, sha256: hash, contenido, nota, now })
    setYamlVersion(tx, casillaId, version, now)
    replaceCatalogos(tx, casillaId, catalogsOf(schema))
    const detalle = { version, nota }
    writeAuditoria(
      tx,
      { accion: 'casilla.yaml', objeto: 'casilla', objetoId: String(casillaId), detalle },
      now,
    )
    return { version: { version, sha256: hash, creadaEn: now, nota }, isNew: true }
  })
}

const withoutText = ({ version, sha256: hash, creadaEn, nota }: YamlVersionText): YamlVersion => ({
  version,
  sha256: hash,
  creadaEn,
  nota,
})

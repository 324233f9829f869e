import { type YamlVersion, yamlVersionSchema } from '@shared/model/casilla'
import { z } from 'zod'
import type { Db } from '../db'

const COLUMNS = 'version, sha256, creado_en AS creadaEn, nota'
const withText = yamlVersionSchema.extend({ contenido: z.string() })
export type YamlVersionText = z.infer<typeof withText>

export interface NewYamlVersion {
  casillaId: number
  version: number
  sha256: string
  contenido: string
  nota: string
  now: string
}

export function insertYamlVersion(db: Db, version: NewYamlVersion): void {
  db.prepare(
    `INSERT INTO casillas_yaml_versiones (casilla_id, version, sha256, contenido, nota, creado_en)
     VALUES (@casillaId, @version, @sha256, @contenido, @nota, @now)`,
  ).run(version)
}

/** Newest first, without their text. */
export const listYamlVersions = (db: Db, casillaId: number): YamlVersion[] =>
  z
    .array(yamlVersionSchema)
    .parse(
      db
        .prepare(`SELECT ${COLUMNS} FROM casillas_yaml_versiones WHERE casilla_id = ? ORDER BY version DESC`)
        .all(casillaId),
    )

export const findYamlVersion = (db: Db, casillaId: number, version: number): YamlVersionText | null =>
  withText
    .nullable()
    .parse(
      db
        .prepare(
          `SELECT ${COLUMNS}, contenido FROM casillas_yaml_versiones WHERE casilla_id = ? AND version = ?`,
        )
        .get(casillaId, version) ?? null,
    )

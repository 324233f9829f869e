import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimSemilla } from '@engine/store'
import { type CasillasDeps, plantCasilla } from './casillas'
import { requireYaml } from './yaml-check'

const SEED = 'casilla-distribuidora'
const FOLDER = 'samples/distribuidora'

/**
 * The first opening of a store plants the sample casilla, so that a newcomer can run the main job at once. Once ever: who deletes
 * it does not get it back.
 * @returns the id of the casilla, or null when it had been planted before (or the program came without its samples)
 */
export async function seedSample(deps: CasillasDeps, resourcesDir: string): Promise<number | null> {
  const yamlPath = join(resourcesDir, FOLDER, 'distribuidora.yaml')
  if (!existsSync(yamlPath)) {
    deps.log.warn('casilla.seeded', 'No está la casilla de ejemplo entre los recursos', { path: yamlPath })
    return null
  }
  try {
    return await plant(deps, readFileSync(yamlPath, 'utf8'))
  } catch (error) {
    // The program is of use without its sample; the next opening tries again.
    deps.log.warn('casilla.seeded', 'No se pudo crear la casilla de ejemplo', { error })
    return null
  }
}

async function plant(deps: CasillasDeps, yaml: string): Promise<number | null> {
  const id = await deps.store.write((tx) => {
    const now = new Date().toISOString()
    if (!claimSemilla(tx, SEED, now)) return null
    const schema = requireYaml(yaml, 'distribuidora.yaml', deps.checkRules)
    return plantCasilla(
      tx,
      {
        nombre: schema.name,
        descripcion: schema.description.slice(0, 255),
        politica: 'todo_o_nada',
        nombreYaml: 'distribuidora.yaml',
        yaml,
        muestra: `${FOLDER}/diario.zip`,
      },
      schema,
      now,
    )
  })
  if (id !== null) deps.log.info('casilla.seeded', 'Casilla de ejemplo lista', { casillaId: id })
  return id
}

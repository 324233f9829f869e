import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkRule } from '@engine/execution/rule-checker'
import { parseSageYaml } from '@engine/sage-yaml'
import type {
  CatalogoInferido,
  CorreccionMuestra,
  EsquemaCorregido,
  MuestraInferida,
} from '@shared/model/muestra'
import { inferSample, sampleYaml, tryDraft } from '.'

/** The proposal as the window sends it back when nothing is corrected; every suggested rule is taken. */
export const accepted = (muestra: MuestraInferida): EsquemaCorregido => ({
  nombre: muestra.nombre,
  descripcion: '',
  empaquetado: muestra.empaquetado,
  catalogos: muestra.catalogos.map(
    ({ id, nombre, archivo, formato, delimitador, hoja, codificacion, ...rest }) => ({
      ...{ id, nombre, archivo, formato, delimitador, hoja, codificacion },
      encabezado: rest.decision.encabezado,
      columnas: rest.columnas.map(
        ({ tipo, formato: form, decimal, miles, recortar, obligatorio, ...column }) => ({
          ...{ nombre: column.nombre, tipo, formato: form, decimal, miles, recortar, obligatorio },
          unico: column.sinRepetir,
          valores: column.valores,
        }),
      ),
    }),
  ),
  relaciones: muestra.relaciones
    .filter(({ cobertura }) => cobertura === 1)
    .map(({ desde, hacia }) => ({ desde, hacia })),
})

/** `n` lines of a text. */
export const lines = (n: number, line: (i: number) => string): string =>
  `${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\n`

/** A throw-away folder with samples in it. */
export class SampleBench {
  private constructor(readonly root: string) {}

  static async open(): Promise<SampleBench> {
    return new SampleBench(await mkdtemp(join(tmpdir(), 'sage-muestra-')))
  }

  /** Where samples are worked on: empty again after each answer. */
  get workRoot(): string {
    return join(this.root, 'trabajo')
  }

  async sample(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.root, name)
    await writeFile(path, content)
    return path
  }

  async infer(
    name: string,
    content: string | Uint8Array,
    corrections: CorreccionMuestra[] = [],
  ): Promise<MuestraInferida> {
    const memoryLimit = 512 * 1024 * 1024
    const path = await this.sample(name, content)
    return inferSample({ path, workRoot: this.workRoot, memoryLimit, corrections })
  }

  /** The first file of a sample. */
  async one(
    content: string | Uint8Array,
    name = 'datos.csv',
    corrections: CorreccionMuestra[] = [],
  ): Promise<CatalogoInferido> {
    const [catalog] = (await this.infer(name, content, corrections)).catalogos
    if (!catalog) throw new Error('no catalog')
    return catalog
  }

  /** From its bytes to the verdict of its own YAML. */
  async wholeWay(name: string, content: string | Uint8Array, corrections: CorreccionMuestra[] = []) {
    const muestra = await this.infer(name, content, corrections)
    const yaml = sampleYaml(accepted(muestra))
    const { diagnostics } = parseSageYaml(yaml, { checkRules: checkRule })
    const path = join(this.root, name)
    const { verdict } = await tryDraft({ path, yaml, workRoot: this.workRoot })
    const [catalog] = muestra.catalogos
    if (!catalog) throw new Error('no catalog')
    return { muestra, catalog, yaml, diagnostics, verdict }
  }

  list = (folder = ''): Promise<string[]> => readdir(join(this.root, folder)).then((names) => names.sort())
  close = (): Promise<void> => rm(this.root, { recursive: true, force: true })
}

/// <reference types="vite/types/importMeta.d.ts" />
import { AppError } from '@shared/errors/app-error'
import { DEFAULT_POLICY, ManagedConnector, type TransferPolicy } from './managed'
import type { ConnectorSpec, Secrets } from './spec'
import type { Connector, ConnectorContext } from './types'

export { DEFAULT_POLICY, type TransferPolicy } from './managed'
export {
  type Bilingual,
  type ConnectorSpec,
  type FieldMeta,
  LOCAL,
  type SecretField,
  type Secrets,
  type Where,
} from './spec'
export { type Download, download, type TransferOptions } from './transfer'
export * from './types'

const modules = import.meta.glob<{ connector: ConnectorSpec }>('./*/index.ts', { eager: true })

const load = (): Map<string, ConnectorSpec> => {
  const specs = new Map<string, ConnectorSpec>()
  for (const [path, module] of Object.entries(modules).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { connector } = module
    if (path !== `./${connector.kind}/index.ts`)
      throw new Error(`${path}: the kind «${connector.kind}» is not its folder`)
    specs.set(connector.kind, connector)
  }
  return specs
}
const SPECS = load()

/** Every kind of provider there is: the folders of this one. */
export const connectorSpecs = (): ConnectorSpec[] => [...SPECS.values()]

/** @throws AppError PROVIDER_KIND_UNKNOWN */
export function connectorSpec(kind: string): ConnectorSpec {
  const spec = SPECS.get(kind)
  if (spec) return spec
  throw new AppError('PROVIDER_KIND_UNKNOWN', {
    kind: 'config',
    message: `No hay ningún proveedor de tipo «${kind}».`,
    hint: `Usar uno de estos: ${[...SPECS.keys()].join(', ')}.`,
    details: { kind },
  })
}

export interface OpenRequest {
  kind: string
  config: unknown
  secrets?: Secrets
  context?: ConnectorContext
  policy?: Partial<TransferPolicy>
}

/**
 * The way the product opens a provider: the plug, with limits, retries, resumption and path checks around it (see ManagedConnector).
 * Close it when done; one connector serves many operations at once.
 * @throws AppError PROVIDER_KIND_UNKNOWN, PROVIDER_CONFIG_INVALID; what the network has to say comes with the first operation
 */
export async function openConnector(request: OpenRequest): Promise<Connector> {
  const { kind, config, secrets = {}, context = {}, policy = {} } = request
  const inner = await connectorSpec(kind).open(config, secrets, context)
  return new ManagedConnector(inner, { ...DEFAULT_POLICY, ...policy })
}

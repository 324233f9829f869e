import { SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import type { TipoProveedor } from '@shared/model/proveedor'
import {
  IconBrandAws,
  IconBrandAzure,
  IconBrandGoogle,
  IconBucket,
  IconCloud,
  IconFolder,
  IconServer,
} from '@tabler/icons-react'
import { useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { Page } from '../../ui/page'
import { rutaDe } from './acciones'
import { ProveedorForm } from './proveedor-form'

const ICONS: Readonly<Record<string, typeof IconCloud>> = {
  s3: IconBrandAws,
  minio: IconBucket,
  azure: IconBrandAzure,
  gcs: IconBrandGoogle,
  sftp: IconServer,
  local: IconFolder,
}

/** A new provider: first its kind, then what that kind asks for. */
export default function NuevoProveedorScreen() {
  const { t, lang } = useText()
  const tipos = useOp('proveedores.tipos', {}, { staleTime: Number.POSITIVE_INFINITY })
  const wanted = new URLSearchParams(useSearch()).get('tipo')
  const chosen = tipos.data?.items.find(({ tipo }) => tipo === wanted)
  return (
    <Page title={t('proveedor.new')} purpose={chosen?.resumen[lang] ?? t('proveedor.newPurpose')}>
      <Stack gap="md">
        {tipos.error ? <ErrorBlock error={tipos.error.data} onRetry={() => void tipos.refetch()} /> : null}
        {tipos.isPending ? <RowsSkeleton /> : null}
        <Gallery items={tipos.data?.items ?? []} chosen={wanted} />
        {chosen ? (
          <ProveedorForm
            key={chosen.tipo}
            tipo={chosen}
            proveedor={null}
            onSaved={({ id }) => navigate(rutaDe(id, 'explorador'))}
          />
        ) : null}
      </Stack>
    </Page>
  )
}

function Gallery({ items, chosen }: { items: readonly TipoProveedor[]; chosen: string | null }) {
  const { t, lang } = useText()
  return (
    <SimpleGrid
      cols={{ base: 2, md: 3 }}
      spacing="sm"
      component="section"
      aria-label={t('proveedor.tipo')}
      maw={960}
    >
      {items.map(({ tipo, nombre, resumen }) => {
        const Icon = ICONS[tipo] ?? IconCloud
        const is = tipo === chosen
        return (
          <UnstyledButton
            key={tipo}
            p="sm"
            aria-pressed={is}
            onClick={() => navigate(`/proveedores/nuevo?tipo=${tipo}`, { replace: true })}
            style={{
              display: 'flex',
              gap: 10,
              alignItems: 'flex-start',
              border: `1px solid ${is ? 'var(--mantine-primary-color-filled)' : 'var(--sage-line)'}`,
              borderRadius: 'var(--mantine-radius-sm)',
              background: is ? 'var(--sage-chosen)' : 'var(--sage-surface)',
            }}
          >
            <Icon size={22} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {nombre[lang]}
              </Text>
              <Text size="xs" c="dimmed">
                {resumen[lang]}
              </Text>
            </div>
          </UnstyledButton>
        )
      })}
    </SimpleGrid>
  )
}

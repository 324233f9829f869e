import { Box, Button, Card, Group, Menu, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { EstadoSecretos, Rotacion } from '@shared/model/secreto'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconLock } from '@tabler/icons-react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone, notifyError } from '../../ui/notify'
import { RowMenu } from '../../ui/row-menu'
import { openChangePhrase, openCreateVault, openUnlockVault } from './vault-forms'

const LOOKS = {
  lista: { icon: IconCircleCheck, color: 'var(--sage-teal)' },
  por_crear: { icon: IconCircleCheck, color: 'var(--sage-teal)' },
  sin_llavero: { icon: IconAlertTriangle, color: 'var(--sage-yellow)' },
  boveda_bloqueada: { icon: IconLock, color: 'var(--sage-orange)' },
  llavero_inaccesible: { icon: IconCircleX, color: 'var(--sage-red)' },
  clave_perdida: { icon: IconCircleX, color: 'var(--sage-red)' },
} as const

/** True while secrets can be saved: the page's own button is the primary one then, and this panel's is not. */
export const isUsable = ({ situacion }: EstadoSecretos): boolean =>
  situacion === 'lista' || situacion === 'por_crear'

/** Where the key that seals the secrets is, in words, and what can be done about it. */
export function KeyPanel({ estado }: { estado: EstadoSecretos }) {
  const { t, date } = useText()
  const { situacion, lugar, claveDesde, llavero } = estado
  const { icon: Icon, color } = LOOKS[situacion]
  const title =
    situacion === 'lista'
      ? t(lugar === 'boveda' ? 'secretos.lista.boveda' : 'secretos.lista.llavero')
      : t(`secretos.${situacion}`)
  const facts = [
    ...(claveDesde !== null ? [t('secretos.claveDesde', { when: date(claveDesde) })] : []),
    ...(lugar === 'napi' || lugar === 'keytar' ? [t(`secretos.por.${lugar}`)] : []),
    ...(estado.ilegibles > 0 ? [t('secretos.ilegibles', { n: estado.ilegibles })] : []),
  ]
  return (
    <Card py="sm" component="section" aria-label={t('secretos.clave')}>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Icon size={20} color={color} aria-hidden style={{ flexShrink: 0, marginTop: 1 }} />
          <Stack gap={2}>
            <Text size="sm" fw={500}>
              {title}
            </Text>
            {situacion === 'lista' ? null : (
              <Text size="sm" c="dimmed">
                {t(`secretos.${situacion}.hacer`)}
              </Text>
            )}
            {facts.length > 0 ? (
              <Text size="xs" c="dimmed">
                {facts.join(' · ')}
              </Text>
            ) : null}
            {llavero.motivo !== null && lugar !== 'boveda' ? (
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {t('secretos.motivo', { why: llavero.motivo })}
              </Text>
            ) : null}
          </Stack>
        </Group>
        <Box style={{ flexShrink: 0 }}>
          <Actions estado={estado} />
        </Box>
      </Group>
    </Card>
  )
}

const STALE = ['secretos.estado', 'secretos.list'] as const

function Actions({ estado }: { estado: EstadoSecretos }) {
  const { t } = useText()
  const rotate = useCommand('secretos.rotarClave', [...STALE])
  const leave = useCommand('secretos.usarLlavero', [...STALE])
  const lock = useCommand('secretos.bloquear', [...STALE])
  const told = {
    onSuccess: (done: Rotacion) =>
      notifyDone(
        `${t('secretos.rotada', { n: done.secretos })} ${done.ilegibles > 0 ? t('secretos.ilegibles', { n: done.ilegibles }) : ''}`.trim(),
      ),
    onError: (error: { data: Parameters<typeof notifyError>[0] }) => notifyError(error.data),
  }
  const inVault = estado.lugar === 'boveda'
  switch (estado.situacion) {
    case 'sin_llavero':
      return <Button onClick={() => openCreateVault(t)}>{t('boveda.crear')}</Button>
    case 'boveda_bloqueada':
      return (
        <Group gap="xs" wrap="nowrap">
          <Button onClick={() => openUnlockVault(t)}>{t('boveda.desbloquear')}</Button>
          <RowMenu label={t('secretos.mas')}>
            <Menu.Item color="red" onClick={() => openLostKey(t('secretos.perdida.titulo'))}>
              {t('secretos.perdida.frase')}
            </Menu.Item>
          </RowMenu>
        </Group>
      )
    case 'clave_perdida':
    case 'llavero_inaccesible':
      return (
        <Button variant="default" onClick={() => openLostKey(t('secretos.perdida.titulo'))}>
          {t('secretos.perdida.empezar')}
        </Button>
      )
    default:
      return (
        <Group gap="xs" wrap="nowrap">
          {estado.situacion === 'lista' ? (
            <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate({}, told)}>
              {t('secretos.rotar')}
            </Button>
          ) : null}
          {inVault ? (
            <Button variant="default" loading={lock.isPending} onClick={() => lock.mutate({})}>
              {t('boveda.bloquear')}
            </Button>
          ) : null}
          <RowMenu label={t('secretos.mas')}>
            {inVault ? (
              <>
                <Menu.Item onClick={() => openChangePhrase(t)}>{t('boveda.cambiarFrase')}</Menu.Item>
                <Menu.Item disabled={!estado.llavero.disponible} onClick={() => leave.mutate({}, told)}>
                  {t('secretos.usarLlavero')}
                </Menu.Item>
              </>
            ) : (
              <Menu.Item onClick={() => openCreateVault(t)}>{t('boveda.mover')}</Menu.Item>
            )}
          </RowMenu>
        </Group>
      )
  }
}

const openLostKey = (title: string) => modals.open({ title, children: <LostKey /> })

/** Asked before everything that the key sealed has to be written again. */
function LostKey() {
  const { t } = useText()
  const giveUp = useCommand('secretos.darClavePorPerdida', [...STALE])
  return (
    <Stack gap="sm">
      <Text size="sm">{t('secretos.perdida.texto')}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button
          color="red"
          loading={giveUp.isPending}
          onClick={() =>
            giveUp.mutate(
              {},
              { onSuccess: () => modals.closeAll(), onError: (error) => notifyError(error.data) },
            )
          }
        >
          {t('secretos.perdida.confirmar')}
        </Button>
      </Group>
    </Stack>
  )
}

import {
  Alert,
  Button,
  Checkbox,
  Group,
  Input,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import type { Emisor, Permiso } from '@shared/model/emisor'
import { type ReactNode, useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { EmisorForm } from '../../blocks/emisor-form'
import { frecuenciaText } from '../../blocks/frecuencia-draft'
import { FrecuenciaEditor } from '../../blocks/frecuencia-editor'
import { METODO_VALUES } from '../../blocks/values'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone } from '../../ui/notify'
import {
  type PermisoDraft,
  permisoDatosOf,
  permisoDraftOf,
  permisoFault,
  suggestSubfolder,
} from './permiso-draft'
import { usePlace } from './place'

interface PermisoFormProps {
  casilla: Casilla
  /** null adds one. */
  permiso: Permiso | null
  /** Senders that have one already. */
  taken: readonly number[]
  onSaved: () => void
  more?: ReactNode
}

interface PartProps {
  draft: PermisoDraft
  change: (part: Partial<PermisoDraft>) => void
}

/** What a sender may send to a casilla: by which methods, from where, who answers for it, when. */
export function PermisoForm({ casilla, permiso, taken, onSaved, more }: PermisoFormProps) {
  const { t, ...text } = useText()
  const [draft, setDraft] = useState(() => permisoDraftOf(permiso))
  const [tried, setTried] = useState(false)
  const save = useCommand('casillas.guardarPermiso', [
    'casillas.permisos',
    'casillas.get',
    'casillas.list',
    'emisores.list',
    'calendario.list',
  ])
  const change = (part: Partial<PermisoDraft>) => {
    setDraft((before) => ({ ...before, ...part }))
    // What was refused is being mended.
    if (save.error) save.reset()
  }
  const fault = permisoFault(draft)
  const shown = tried ? fault : null
  const submit = () => {
    setTried(true)
    if (fault !== null || draft.emisorId === null) return
    save.mutate(
      { casillaId: casilla.id, emisorId: draft.emisorId, datos: permisoDatosOf(draft) },
      {
        onSuccess: () => {
          notifyDone(t('form.saved'))
          onSaved()
        },
      },
    )
  }
  const inherited = casilla.frecuencia
    ? t('permiso.frecuencia.casilla', { text: frecuenciaText({ t, lang: text.lang }, casilla.frecuencia) })
    : t('permiso.frecuencia.ninguna')
  return (
    <form
      noValidate
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack gap="md">
        {permiso ? null : (
          <ChooseEmisor
            taken={taken}
            error={shown?.campo === 'emisor' ? t('permiso.fault.emisor') : null}
            chosen={draft.emisorId}
            onChoose={(emisor) =>
              change({
                emisorId: emisor.id,
                subdirectorio: draft.subdirectorio || suggestSubfolder(emisor),
              })
            }
          />
        )}
        <Checkbox.Group
          label={t('permiso.metodos')}
          description={t('permiso.metodos.help')}
          value={draft.metodos}
          error={shown?.campo === 'metodos' ? t('permiso.fault.metodos') : null}
          onChange={(values) => change({ metodos: METODO_VALUES.filter((value) => values.includes(value)) })}
        >
          <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs" mt="xs">
            {METODO_VALUES.map((value) => (
              <Checkbox key={value} size="sm" value={value} label={t(`metodo.${value}`)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Subfolder casilla={casilla} draft={draft} change={change} />
        <Responsable draft={draft} change={change} emailError={shown?.campo === 'email'} />
        <FrecuenciaEditor
          draft={draft.frecuencia}
          onChange={(frecuencia) => change({ frecuencia })}
          none={{ label: inherited, help: t('permiso.frecuencia.help') }}
          showFault={tried}
        />
        {save.error ? <ErrorBlock error={save.error.data} onRetry={submit} /> : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('action.save')}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  )
}

function Subfolder({ casilla, draft, change }: PartProps & { casilla: Casilla }) {
  const { t } = useText()
  const { vigilancia } = casilla
  const place = usePlace(casilla)
  const sub = draft.subdirectorio.trim()
  const where =
    place === null
      ? t('permiso.sinCarpeta')
      : sub === ''
        ? t('permiso.subdirectorio.vacio', { path: place })
        : t('permiso.subdirectorio.donde', { path: `${place}/${sub.replaceAll('\\', '/')}` })
  return (
    <Stack gap="xs">
      <TextInput
        label={t('permiso.subdirectorio')}
        description={where}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        styles={{ description: { overflowWrap: 'anywhere' } }}
        maxLength={255}
        placeholder="norte"
        value={draft.subdirectorio}
        onChange={(event) => change({ subdirectorio: event.currentTarget.value })}
      />
      {sub !== '' && !vigilancia.subcarpetas ? (
        <Alert variant="light" color="orange" p="xs">
          <Text size="xs">{t('permiso.sinSubcarpetas')}</Text>
        </Alert>
      ) : null}
    </Stack>
  )
}

function Responsable({ draft, change, emailError }: PartProps & { emailError: boolean }) {
  const { t } = useText()
  const { responsable } = draft
  const set = (part: Partial<PermisoDraft['responsable']>) =>
    change({ responsable: { ...responsable, ...part } })
  return (
    <Stack gap="xs">
      <Title order={3}>{t('permiso.responsable')}</Title>
      <TextInput
        label={t('column.nombre')}
        maxLength={100}
        value={responsable.nombre}
        onChange={(event) => set({ nombre: event.currentTarget.value })}
      />
      <SimpleGrid cols={2} spacing="sm">
        <TextInput
          label={t('emisor.email')}
          maxLength={255}
          value={responsable.email}
          error={emailError ? t('emisor.fault.email') : null}
          onChange={(event) => set({ email: event.currentTarget.value })}
        />
        <TextInput
          label={t('emisor.telefono')}
          maxLength={20}
          value={responsable.telefono}
          onChange={(event) => set({ telefono: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Stack>
  )
}

interface ChooseEmisorProps {
  taken: readonly number[]
  chosen: number | null
  error: string | null
  onChoose: (emisor: Emisor) => void
}

/** One of the senders without a permission here, or a new one. */
function ChooseEmisor({ taken, chosen, error, onChoose }: ChooseEmisorProps) {
  const { t } = useText()
  const list = useOp('emisores.list', {})
  const free = (list.data?.items ?? []).filter(({ id }) => !taken.includes(id))
  const create = () =>
    modals.open({
      title: t('emisor.new'),
      size: 480,
      children: (
        <EmisorForm
          emisor={null}
          onSaved={(emisor) => {
            modals.closeAll()
            onChoose(emisor)
          }}
        />
      ),
    })
  return (
    <Input.Wrapper label={t('permiso.emisor')} error={error} labelElement="div">
      <Group gap="xs" mt={4} wrap="nowrap">
        <Select
          style={{ flex: 1 }}
          aria-label={t('permiso.emisor')}
          placeholder={t('permiso.emisor.elegir')}
          searchable
          limit={100}
          allowDeselect={false}
          nothingFoundMessage={t('emisores.none')}
          error={error !== null}
          data={free.map((item) => ({
            value: String(item.id),
            label: item.organizacion ? `${item.nombre} · ${item.organizacion}` : item.nombre,
          }))}
          value={chosen === null ? null : String(chosen)}
          onChange={(value) => {
            const emisor = free.find(({ id }) => String(id) === value)
            if (emisor) onChoose(emisor)
          }}
        />
        <Button variant="default" size="sm" onClick={create}>
          {t('emisor.create')}
        </Button>
      </Group>
    </Input.Wrapper>
  )
}

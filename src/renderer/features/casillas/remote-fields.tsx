import { Radio, Stack } from '@mantine/core'
import { AL_TERMINAR } from '@shared/model/recepcion'
import { useText } from '../../app/prefs'
import { ProveedorCarpeta } from '../../blocks/conexion/proveedor-carpeta'
import type { RemotoDraft } from './place'

/** Kinds of provider whose files carry no tags. */
const UNTAGGED = ['sftp', 'local']

interface RemoteFieldsProps {
  id: string
  value: RemotoDraft
  error: string | null
  onChange: (value: RemotoDraft) => void
}

/** The provider a casilla receives from, the folder inside it, and what is done with what was processed. */
export function RemoteFields({ id, value, error, onChange }: RemoteFieldsProps) {
  const { t } = useText()
  return (
    <ProveedorCarpeta
      id={id}
      proveedorId={value.proveedorId}
      carpeta={value.prefijo}
      help={t('origen.prefijoHelp')}
      placeholder="data/5"
      error={error}
      onProveedor={(proveedorId) => onChange({ proveedorId, prefijo: '', alTerminar: 'mover' })}
      onCarpeta={(prefijo) => onChange({ ...value, prefijo })}
    >
      {({ tipo }) =>
        UNTAGGED.includes(tipo) ? null : (
          <Radio.Group
            label={t('origen.alTerminar')}
            value={value.alTerminar}
            onChange={(given) =>
              onChange({ ...value, alTerminar: given === 'etiquetar' ? 'etiquetar' : 'mover' })
            }
          >
            <Stack gap="xs" mt="xs">
              {AL_TERMINAR.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`origen.${one}`)}
                  description={t(`origen.${one}Help`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        )
      }
    </ProveedorCarpeta>
  )
}

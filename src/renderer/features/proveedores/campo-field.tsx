import { NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { useText } from '../../app/prefs'
import { FolderChoice } from '../../blocks/conexion/folder-choice'
import type { Campo } from './campos'
import { campoId, type ProveedorFormState } from './use-proveedor-form'

type Part = 'label' | 'input' | 'description' | 'error'
/** The help under the field, as in every other form. */
export const WRAPPER_ORDER: Part[] = ['label', 'input', 'description', 'error']

/** What is wrong with a field, in words; null when nothing is. */
export function useFalta(form: ProveedorFormState, nombre: string, campo?: Campo): string | null {
  const { t } = useText()
  const que = form.faltaDe(nombre)?.que
  if (que === undefined) return null
  const { minimo, maximo, largo } = campo ?? { minimo: null, maximo: null, largo: null }
  return t(`proveedor.fault.${que}`, { min: minimo ?? 0, max: maximo ?? 0, n: largo ?? 0 })
}

/** One field of the configuration, as its schema says. */
export function CampoField({ form, campo }: { form: ProveedorFormState; campo: Campo }) {
  const { nombre, clase, etiqueta, ayuda, ejemplo, opciones, obligatorio } = campo
  const { draft, saved, tipo } = form
  const value = draft.config[nombre] ?? null
  const error = useFalta(form, nombre, campo)
  const common = {
    ...{ id: campoId(nombre), label: etiqueta, description: ayuda, required: obligatorio, error },
    inputWrapperOrder: WRAPPER_ORDER,
    onBlur: () => form.leave(nombre),
  }
  if (nombre === tipo.lugar) {
    const before = saved && typeof saved.config[nombre] === 'string' ? saved.config[nombre] : ''
    return (
      <FolderChoice
        id={campoId(nombre)}
        label={etiqueta}
        required
        error={error}
        shown={draft.lugar?.path ?? before}
        onChoose={(lugar) => form.change({ lugar })}
      />
    )
  }
  switch (clase) {
    case 'si_no':
      return (
        <Switch
          id={campoId(nombre)}
          label={etiqueta}
          description={ayuda}
          checked={value === true}
          onChange={(event) => form.setCampo(nombre, event.currentTarget.checked)}
        />
      )
    case 'opcion':
      return (
        <Select
          {...common}
          allowDeselect={!obligatorio && campo.inicial === ''}
          data={[...opciones]}
          value={typeof value === 'string' && value !== '' ? value : null}
          onChange={(next) => form.setCampo(nombre, next ?? '')}
        />
      )
    case 'numero':
      return (
        <NumberInput
          {...common}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => form.setCampo(nombre, typeof next === 'number' ? next : null)}
        />
      )
    default:
      return (
        <TextInput
          {...common}
          placeholder={ejemplo ?? undefined}
          spellCheck={false}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => form.setCampo(nombre, event.currentTarget.value)}
        />
      )
  }
}

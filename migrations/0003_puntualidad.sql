-- Desde cuándo rige cada frecuencia (lo anterior no se esperaba) y cuándo llegó lo que juzga cada ejecución.

ALTER TABLE casillas_datos ADD COLUMN frecuencia_desde TEXT;
UPDATE casillas_datos SET frecuencia_desde = creado_en WHERE configuracion_frecuencia IS NOT NULL;
ALTER TABLE emisores_por_casilla ADD COLUMN frecuencia_desde TEXT;
UPDATE emisores_por_casilla SET frecuencia_desde = creado_en WHERE configuracion_frecuencia IS NOT NULL;

-- La del archivo cuando lo hay: lo que esperó en la cola no lo hace llegar tarde.
ALTER TABLE ejecuciones_yaml ADD COLUMN recibida_en TEXT;
UPDATE ejecuciones_yaml
SET recibida_en = coalesce((SELECT a.detectado_en FROM archivos_recibidos a WHERE a.id = archivo_id), fecha_ejecucion);
CREATE INDEX ejecuciones_yaml_envios ON ejecuciones_yaml (casilla_id, recibida_en) WHERE repite_a IS NULL;
CREATE INDEX ejecuciones_yaml_envios_emisor ON ejecuciones_yaml (casilla_id, emisor_id, recibida_en) WHERE repite_a IS NULL;

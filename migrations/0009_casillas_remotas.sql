-- Casillas que reciben de un proveedor: dónde miran, qué hacen con lo recibido, y con qué se reclama cada archivo allí.

-- Los dos juntos, o ninguno; entonces la carpeta es NULL.
ALTER TABLE casillas_datos ADD COLUMN proveedor_id INTEGER;
ALTER TABLE casillas_datos ADD COLUMN prefijo TEXT;
ALTER TABLE casillas_datos ADD COLUMN al_terminar TEXT CHECK (al_terminar IS NULL OR al_terminar IN ('mover', 'etiquetar'));

-- El reclamo en el proveedor lleva esto mismo: quien murió con él lo reconoce al volver.
ALTER TABLE archivos_recibidos ADD COLUMN reclamo_remoto TEXT;
-- Originales que se quedan donde estaban (los etiquetados): volver a verlos no los recibe otra vez.
CREATE INDEX archivos_recibidos_quietos ON archivos_recibidos (casilla_id, ruta, huella) WHERE ruta_final = ruta;

-- Lo que se pregunta con cada archivo que cambia no recorre la historia entera.
CREATE INDEX archivos_recibidos_cuarentena ON archivos_recibidos (casilla_id) WHERE estado = 'cuarentena';
CREATE INDEX ejecuciones_yaml_terminadas ON ejecuciones_yaml (casilla_id, id) WHERE fase = 'terminada';

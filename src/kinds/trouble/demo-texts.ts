/** What two operators write to each other about a broken line, in one language. */
export interface Words {
  readonly description: string;
  readonly opening: string;
  readonly question: string;
  readonly answer: string;
  readonly progress: string;
  readonly resolution: string;
}

/** A sort of trouble, with how it is usually closed. */
export interface Scenario {
  readonly troubleType: string;
  readonly closeOutType: string;
  readonly queue: string;
  readonly tags: readonly string[];
  /** What the troubled object's name begins with. */
  readonly object: string;
  readonly es: Words;
  readonly en: Words;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    troubleType: 'FTTH_PROVISION_RANGED_NO_NAVEGA',
    closeOutType: 'PROVISION_CORRECTED',
    queue: 'provision',
    tags: ['ftth', 'provision'],
    object: 'ONT',
    es: {
      description: 'Cliente provisionado, ONT en rango, no navega',
      opening: 'La ONT sincroniza y está en rango, pero el cliente no obtiene dirección IP tras el alta.',
      question: 'Confirmen el número de serie de la ONT instalada y la VLAN configurada en el router.',
      answer: 'Número de serie verificado con el técnico en domicilio. La VLAN es la 20, como en el alta.',
      progress: 'Se revisa el perfil de servicio en la OLT.',
      resolution: 'El perfil de servicio no estaba asociado al puerto. Corregido; el cliente navega.',
    },
    en: {
      description: 'Customer provisioned, ONT in range, no internet access',
      opening: 'The ONT is synchronised and in range, but the customer gets no IP address after activation.',
      question: 'Please confirm the serial number of the installed ONT and the VLAN of the router.',
      answer: 'Serial number checked with the engineer on site. The VLAN is 20, as ordered.',
      progress: 'The service profile on the OLT is being checked.',
      resolution: 'The service profile was not bound to the port. Corrected; the customer is online.',
    },
  },
  {
    troubleType: 'FTTH_NO_SYNC',
    closeOutType: 'FIBER_REPAIRED',
    queue: 'field',
    tags: ['ftth', 'fiber'],
    object: 'CTO',
    es: {
      description: 'ONT sin sincronismo, LOS en rojo',
      opening: 'Pérdida de señal óptica desde primera hora. LOS en rojo, reinicio sin efecto.',
      question: '¿Qué potencia mide el técnico en la roseta y en la CTO?',
      answer: 'Roseta −38 dBm, CTO −19 dBm. La acometida parece dañada.',
      progress: 'Brigada asignada, llegada prevista esta tarde.',
      resolution: 'Acometida cortada por obras en la fachada. Fusionada de nuevo, potencia −20,4 dBm.',
    },
    en: {
      description: 'ONT out of sync, LOS light is red',
      opening: 'No optical signal since early morning. LOS is red, a restart did not help.',
      question: 'What power does the engineer measure at the wall outlet and at the terminal box?',
      answer: 'Outlet −38 dBm, terminal box −19 dBm. The drop cable seems to be damaged.',
      progress: 'A field team is assigned and expected this afternoon.',
      resolution: 'The drop cable was cut by works on the facade. Spliced again, power −20.4 dBm.',
    },
  },
  {
    troubleType: 'FTTH_CORTES_INTERMITENTES',
    closeOutType: 'EQUIPMENT_REPLACED',
    queue: 'access',
    tags: ['ftth', 'intermittent'],
    object: 'ONT',
    es: {
      description: 'Microcortes varias veces al día',
      opening: 'El cliente sufre cortes de uno a tres minutos, sobre todo por la tarde.',
      question: 'Adjunten las horas de los tres últimos cortes para cruzarlas con las alarmas de la OLT.',
      answer: 'Últimos cortes: 16:12, 17:40 y 19:05. El router no se reinicia.',
      progress: 'Se monitoriza el puerto durante 24 horas.',
      resolution: 'Módulo óptico del puerto PON degradado. Sustituido; 24 horas sin cortes.',
    },
    en: {
      description: 'Short interruptions several times a day',
      opening: 'The customer loses the connection for one to three minutes, mostly in the afternoon.',
      question:
        'Please send the times of the last three interruptions, to compare with the alarms of the OLT.',
      answer: 'The last ones were at 16:12, 17:40 and 19:05. The router does not restart.',
      progress: 'The port is being watched for 24 hours.',
      resolution: 'The optical module of the PON port was worn out. Replaced; 24 hours without interruption.',
    },
  },
  {
    troubleType: 'FTTH_BAJA_VELOCIDAD',
    closeOutType: 'CONFIGURATION_CORRECTED',
    queue: 'access',
    tags: ['ftth', 'speed'],
    object: 'OLT',
    es: {
      description: 'Velocidad inferior a la contratada',
      opening: 'Contratados 600 Mb/s, las pruebas por cable no pasan de 90 Mb/s.',
      question: '¿Se ha probado por cable directo a la ONT y con otro equipo?',
      answer: 'Probado con portátil directo a la ONT: 92 Mb/s de bajada, 88 de subida.',
      progress: 'Se revisa el perfil de velocidad y la ocupación del árbol PON.',
      resolution: 'Perfil de velocidad antiguo tras un cambio de tarifa. Actualizado: 598 Mb/s medidos.',
    },
    en: {
      description: 'Speed below what was ordered',
      opening: '600 Mb/s are ordered, tests by cable do not exceed 90 Mb/s.',
      question: 'Was it tested by cable at the ONT itself, and with another device?',
      answer: 'Tested with a laptop at the ONT: 92 Mb/s down, 88 up.',
      progress: 'The speed profile and the load of the PON tree are being checked.',
      resolution: 'An old speed profile was left after a change of tariff. Updated: 598 Mb/s measured.',
    },
  },
  {
    troubleType: 'NEBA_CAIDA_PUERTO',
    closeOutType: 'PORT_RESTORED',
    queue: 'noc',
    tags: ['wholesale', 'port'],
    object: 'PAI',
    es: {
      description: 'Caída del puerto de entrega',
      opening: 'El puerto de entrega está caído, sin tráfico para todos los clientes de la provincia.',
      question: 'Confirmen que la luz recibida en su extremo está por encima de −14 dBm.',
      answer: 'Luz recibida −6,1 dBm. Nuestra tarjeta no muestra alarmas.',
      progress: 'Se abre incidencia con transporte y se revisa el repartidor óptico.',
      resolution: 'Latiguillo sucio en el repartidor. Limpiado y medido; puerto levantado.',
    },
    en: {
      description: 'Handover port is down',
      opening: 'The handover port is down, no traffic for any customer of the province.',
      question: 'Please confirm that the light received at your end is above −14 dBm.',
      answer: 'Received light −6.1 dBm. Our card shows no alarms.',
      progress: 'The transport team is informed and the optical frame is being checked.',
      resolution: 'A dirty patch cord in the frame. Cleaned and measured; the port is up.',
    },
  },
  {
    troubleType: 'VOIP_SIN_TONO',
    closeOutType: 'REGISTRATION_RESTORED',
    queue: 'voice',
    tags: ['voice'],
    object: 'SBC',
    es: {
      description: 'Línea fija sin tono, datos correctos',
      opening: 'El cliente navega, pero el teléfono fijo no da tono ni recibe llamadas.',
      question: '¿El terminal registra en la plataforma? Indiquen el código que devuelve.',
      answer: 'El registro devuelve 403 desde ayer a las 22:10.',
      progress: 'Se compara la cuenta SIP con la del alta.',
      resolution: 'Credenciales SIP caducadas tras la portabilidad. Renovadas; llamada de prueba correcta.',
    },
    en: {
      description: 'No dial tone, data works',
      opening: 'The customer is online, but the fixed line has no dial tone and takes no calls.',
      question: 'Does the device register with the platform? Please send the code that comes back.',
      answer: 'Registration has answered 403 since 22:10 yesterday.',
      progress: 'The SIP account is compared with the order.',
      resolution: 'The SIP credentials had expired after the number was ported. Renewed; test call fine.',
    },
  },
  {
    troubleType: 'FTTH_AVERIA_MASIVA_CTO',
    closeOutType: 'FIBER_REPAIRED',
    queue: 'noc',
    tags: ['ftth', 'outage'],
    object: 'CTO',
    es: {
      description: 'Todos los clientes de la caja sin servicio',
      opening: 'Todas las ONT de la misma CTO han caído a la vez. Posible corte de cable.',
      question: '¿Hay obras comunicadas en la zona? Indiquen la última ONT que perdió señal.',
      answer: 'Zanja abierta en la calle desde las 9:00. Todas cayeron a las 9:47.',
      progress: 'Brigada en la zona, localizado el corte a 240 m de la CTO.',
      resolution: 'Cable de distribución cortado por una zanja. Reparado y sellado; todas las ONT en rango.',
    },
    en: {
      description: 'No service for any customer of the terminal box',
      opening: 'All ONTs of one terminal box went down at the same moment. Probably a cut cable.',
      question: 'Are there known works in the area? Please name the last ONT that lost its signal.',
      answer: 'There is an open trench in the street since 9:00. All went down at 9:47.',
      progress: 'The field team is there; the cut is 240 m from the terminal box.',
      resolution: 'The distribution cable was cut by a trench. Repaired and sealed; all ONTs in range.',
    },
  },
  {
    troubleType: 'TV_PIXELADO',
    closeOutType: 'CONFIGURATION_CORRECTED',
    queue: 'access',
    tags: ['tv', 'multicast'],
    object: 'OLT',
    es: {
      description: 'Imagen pixelada en todos los canales',
      opening: 'La televisión se pixela en todos los canales, también con el descodificador por cable.',
      question: '¿Cuántos descodificadores hay y qué versión de firmware tienen?',
      answer: 'Dos descodificadores, ambos con la versión 4.12.',
      progress: 'Se revisa la configuración de multicast en la OLT.',
      resolution: 'IGMP snooping desactivado tras una actualización. Activado de nuevo; imagen correcta.',
    },
    en: {
      description: 'Picture breaks up on all channels',
      opening: 'Television breaks up on all channels, with a wired set-top box, too.',
      question: 'How many set-top boxes are there, and which firmware do they have?',
      answer: 'Two of them, both with version 4.12.',
      progress: 'The multicast configuration of the OLT is being checked.',
      resolution: 'IGMP snooping was off after an update. Switched on again; the picture is fine.',
    },
  },
];

/** What is said at the other transactions, whatever the trouble. */
export const PHRASES = {
  es: {
    askToCancel: 'La medida es correcta y no vemos avería. Solicitamos la cancelación del ticket.',
    keepOpen: 'El cliente confirma que sigue sin servicio. No procede la cancelación.',
    agreeToCancel: 'De acuerdo, el cliente confirma que funciona. Cancelamos el ticket.',
    cancel: 'El cliente ha retirado su reclamación. Cancelamos el ticket.',
    waiting: 'Pendiente de localizar al cliente; enviaremos los datos en cuanto respondan.',
    hurry: 'El cliente vuelve a reclamar. ¿Hay previsión?',
    notSolved: 'El cliente indica que la avería persiste. Reabrimos.',
    again: 'Se repite la intervención y se prueba con el cliente al teléfono.',
    solvedAgain: 'Segunda intervención terminada, servicio comprobado con el cliente.',
    close: 'El cliente confirma la solución. Cerramos el ticket.',
    note: 'Zona con varias averías esta semana; avisar a planificación si se repite.',
  },
  en: {
    askToCancel: 'The measurement is fine and we see no fault. We ask to cancel the ticket.',
    keepOpen: 'The customer confirms that there is still no service. Please go on.',
    agreeToCancel: 'Agreed, the customer confirms that it works. We cancel the ticket.',
    cancel: 'The customer has withdrawn the complaint. We cancel the ticket.',
    waiting: 'We are trying to reach the customer and send the data as soon as they answer.',
    hurry: 'The customer complains again. Is there a forecast?',
    notSolved: 'The customer says that the fault is still there. We open the ticket again.',
    again: 'The work is repeated and tested with the customer on the phone.',
    solvedAgain: 'Second visit done, service tested with the customer.',
    close: 'The customer confirms the solution. We close the ticket.',
    note: 'Several faults in this area this week; tell planning if it happens again.',
  },
} as const;

export type Phrases = (typeof PHRASES)['es' | 'en'];

/** Places with the province's code, as Gescal addresses begin. */
export const PLACES = [
  { code: '08', short: 'BCN' },
  { code: '28', short: 'MAD' },
  { code: '41', short: 'SVQ' },
  { code: '46', short: 'VLC' },
  { code: '48', short: 'BIO' },
  { code: '50', short: 'ZAZ' },
  { code: '15', short: 'LCG' },
  { code: '29', short: 'AGP' },
] as const;

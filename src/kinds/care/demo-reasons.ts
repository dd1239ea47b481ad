import type { ShippedEntry } from '../../core/collection.ts';

type Names = readonly [en: string, es: string, de: string, th: string];

const LANGUAGES = ['en', 'es', 'de', 'th'] as const;

interface Theme {
  readonly names: Names;
  readonly reasons: readonly Names[];
}

interface Area {
  readonly names: Names;
  readonly themes: readonly Theme[];
}

/** Why people write to a delivery service, from the general to the particular. */
const AREAS: readonly Area[] = [
  {
    names: ['Delivery', 'Entrega', 'Lieferung', 'การจัดส่ง'],
    themes: [
      {
        names: ['On the way', 'En camino', 'Unterwegs', 'ระหว่างทาง'],
        reasons: [
          ['Delivery cancelled', 'Entrega cancelada', 'Lieferung storniert', 'การจัดส่งถูกยกเลิก'],
          ['Wrong address', 'Dirección equivocada', 'Falsche Adresse', 'ที่อยู่ผิด'],
          ['Order is late', 'El pedido llega tarde', 'Bestellung verspätet', 'คำสั่งซื้อล่าช้า'],
          ['Never arrived', 'Nunca llegó', 'Nie angekommen', 'ไม่เคยมาถึง'],
        ],
      },
      {
        names: ['Rider', 'Repartidor', 'Fahrer', 'ไรเดอร์'],
        reasons: [
          [
            'Rider cannot be reached',
            'No se localiza al repartidor',
            'Fahrer nicht erreichbar',
            'ติดต่อไรเดอร์ไม่ได้',
          ],
          ['Rider was rude', 'Repartidor grosero', 'Fahrer unhöflich', 'ไรเดอร์ไม่สุภาพ'],
        ],
      },
    ],
  },
  {
    names: ['Order', 'Pedido', 'Bestellung', 'คำสั่งซื้อ'],
    themes: [
      {
        names: ['Items', 'Productos', 'Artikel', 'รายการสินค้า'],
        reasons: [
          ['Item missing', 'Falta un producto', 'Artikel fehlt', 'สินค้าขาดหาย'],
          ['Wrong item', 'Producto equivocado', 'Falscher Artikel', 'สินค้าไม่ถูกต้อง'],
          ['Food was cold', 'La comida llegó fría', 'Essen war kalt', 'อาหารเย็น'],
        ],
      },
      {
        names: ['Changes', 'Cambios', 'Änderungen', 'การเปลี่ยนแปลง'],
        reasons: [
          ['Cancel the order', 'Cancelar el pedido', 'Bestellung stornieren', 'ยกเลิกคำสั่งซื้อ'],
          ['Change the address', 'Cambiar la dirección', 'Adresse ändern', 'เปลี่ยนที่อยู่'],
        ],
      },
    ],
  },
  {
    names: ['Payment', 'Pago', 'Zahlung', 'การชำระเงิน'],
    themes: [
      {
        names: ['Refund', 'Reembolso', 'Erstattung', 'การคืนเงิน'],
        reasons: [
          ['Refund is missing', 'Falta el reembolso', 'Erstattung fehlt', 'ยังไม่ได้รับเงินคืน'],
          ['Refund is too low', 'El reembolso es bajo', 'Erstattung zu gering', 'เงินคืนน้อยเกินไป'],
        ],
      },
      {
        names: ['Charge', 'Cobro', 'Abbuchung', 'การเรียกเก็บเงิน'],
        reasons: [
          ['Charged twice', 'Cobrado dos veces', 'Doppelt abgebucht', 'ถูกเรียกเก็บเงินสองครั้ง'],
          ['Voucher not accepted', 'Cupón no aceptado', 'Gutschein nicht angenommen', 'คูปองใช้ไม่ได้'],
        ],
      },
    ],
  },
];

/** The areas as entries: `1`, `1A`, `1A.1`. */
export const DEMO_REASONS: readonly ShippedEntry[] = AREAS.flatMap((area, first) => {
  const areaCode = `${first + 1}`;
  return [
    entry(areaCode, 1, null, area.names),
    ...area.themes.flatMap((theme, second) => {
      const themeCode = areaCode + 'ABC'.charAt(second);
      return [
        entry(themeCode, 2, areaCode, theme.names),
        ...theme.reasons.map((names, third) => entry(`${themeCode}.${third + 1}`, 3, themeCode, names)),
      ];
    }),
  ];
});

function entry(key: string, level: number, parent: string | null, names: Names): ShippedEntry {
  const translations = Object.fromEntries(LANGUAGES.map((language, index) => [language, names[index]]));
  return { key, data: { level, ...(parent !== null && { parent }), translations } };
}

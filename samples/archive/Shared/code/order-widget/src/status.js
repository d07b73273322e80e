const LABELS = { 10: '草稿', 20: '待审批', 30: '已审批', 40: '已发货', 90: '已关闭' };

export const label = (code) => LABELS[code] ?? '未知';

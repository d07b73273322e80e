"""Makes samples/archive but for the recordings (recordings.py makes those).

    SAMPLES_FONT=NotoSansSC_400Regular.ttf python make.py
"""
import contracts
import exchange
import formats
import legacy
import mails_en
import mails_zh
import notes
import odds
import sheets
import specs
from mailbox import Mail, eml, mbox
from tree import ARCHIVE, put
from world import HP, OMS, TMS, WMS


def mails():
    every = sorted(mails_zh.MAILS + mails_en.MAILS, key=lambda m: m.when)
    by_id = {m.id: m for m in every}
    assert len(by_id) == len(every)
    old = [m for m in every if m.when.year < 2025]
    new = [m for m in every if m.when.year == 2025]
    put("邮件导出/2025_项目邮件.mbox", mbox(new, by_id))
    put("邮件导出/2023-2024_项目邮件.mbox", mbox(old, by_id))
    # One man's own backup: some of the same mails again, byte for byte.
    mine = [m for m in every if m.id.startswith(("req", "dlv", "wms0")) and m.frm in ("li", "zhang", "lin", "wang")]
    put("邮件导出/李文博_个人备份.mbox", mbox(mine, by_id))
    for folder, ids in {
        "邮件导出/重要邮件/": ["oms05", "req06", "tms06", "acc01", "mob02"], HP + "07 Mail/": ["hp01", "inc04", "cc04"], TMS + "邮件/": ["hk01", "tms03"],
        # These are in no mbox.
        OMS + "08 邮件/": ["loose1", "loose2"], WMS + "邮件/": ["loose3"],
    }.items():
        for i in ids:
            m = by_id.get(i) or LOOSE[i]
            put(folder + f"{m.when:%Y%m%d} {NAMES[i]}.eml", eml(m, {**by_id, **LOOSE}))


LOOSE = {m.id: m for m in [
    Mail("loose1", "2025-11-19 16:12", "zhou", "zhang", "试运行上线确认书", """
张主任：
订单管理系统 11 月 24 日 8:00 开始试运行，确认书请签字盖章后扫描发回。试运行期间李文博、吴志强驻场，最迟 12 月 19 日前完成验收。
验收通过后请支付第三期款 38.4 万元和补充协议 3.5 万元，共 41.9 万元。
周敏""", cs="gb2312", cc="li liu", files=[(OMS + "06 验收/付款计划_HT-2025-0725.xlsx", "付款计划_HT-2025-0725.xlsx", "2231")]),
    Mail("loose2", "2025-11-20 09:05", "zhang", "zhou", "回复：试运行上线确认书", """
周总：
确认书已盖章寄出。两个要求：邮件审批链接必须在 24 日前可用；财务接口第一周每天对账，结果发我。
张建国""", cs="gb2312", te="8bit", raw=True, re="loose1", cc="li"),
    Mail("loose3", "2024-08-06 14:30", "huang", "li", "冷库基站已安装", """
李经理：冷库 6 个无线基站今天装好，手持终端满格，请来复测，这样遗留问题就全部关闭了。
黄丽""", cs="gbk", cc="zhang wu", files=[(WMS + "验收/遗留问题清单.xls", "遗留问题清单.xls", "raw")]),
]}
NAMES = {"oms05": "回复 报价单 v1", "req06": "回复 需求变更 订单批量导出", "tms06": "运输调度平台验收通过", "acc01": "用户验收测试结束", "mob02": "回复 移动端审批", "hp01": "Comments on the draft agreement",
         "inc04": "Root cause analysis INC-0519", "cc04": "Re Change request CR-004", "hk01": "報關單據抬頭問題", "tms03": "拼车服务今天上午中断", "loose1": "试运行上线确认书", "loose2": "回复 试运行上线确认书", "loose3": "冷库基站已安装"}


if __name__ == "__main__":
    for part in (contracts, specs, notes, sheets, odds, exchange, legacy, formats):
        part.make()
    mails()
    files = [p for p in ARCHIVE.rglob("*") if p.is_file()]
    print(len(files), "files,", sum(p.stat().st_size for p in files), "bytes")

"""Domains that give mailboxes to anybody: an address there says nothing about its owner's company."""

_COUNTRIES = {
    "yahoo": """
        com ca co.id co.in co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.cn com.co com.hk com.mx
        com.my com.pe com.ph com.sg com.tr com.tw com.ve com.vn cz de dk es fi fr gr hu ie in it nl no pl pt ro se
    """,
    "hotmail": """
        com be ca ch cl co.il co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.mx com.tr com.tw de dk es
        fi fr gr it nl no se sg
    """,
    "outlook": """
        com at be cl co.id co.il co.nz co.th com.ar com.au com.br com.gr com.tr com.vn cz de dk es fr hu ie in it jp
        kr lv my ph pt sa sg sk
    """,
    "live": """
        com at be ca cl cn co.kr co.uk co.za com.ar com.au com.mx com.my com.pt com.sg de dk fi fr hk ie in it jp nl
        no ru se
    """,
    "gmx": """
        com at biz ch co.uk de es eu fr info it net org us
    """,
    "yandex": """
        com by com.tr kz ru ua uz
    """,
    "mail": """
        com bg ch ee kz pt ru ua
    """,
}

_SINGLE = """
    126.com 139.com 163.com 188.com 189.cn 21cn.com aim.com alice.it aliceadsl.fr aliyun.com aol.co.uk aol.com
    aol.de aol.fr arcor.de asia.com att.net bellsouth.net bigmir.net bigpond.com bigpond.net.au bk.ru bluewin.ch
    blueyonder.co.uk bol.com.br btinternet.com centrum.cz centurylink.net charter.net chello.at cock.li comcast.net
    consultant.com cox.net daum.net disroot.org dr.com duck.com earthlink.net eircom.net email.com email.cz
    engineer.com europe.com excite.com fastmail.com fastmail.fm fastmail.net fastwebnet.it foxmail.com free.fr
    freemail.hu freenet.de frontier.com gawab.com globo.com gmail.co.uk gmail.com gmx.li googlemail.com
    guerrillamail.com hanmail.net hey.com hispeed.ch home.nl hush.ai hush.com hushmail.com i.ua icloud.com ig.com.br
    iinet.net.au inbox.com inbox.lv inbox.ru indiatimes.com inwind.it juno.com kolabnow.com kpnmail.nl laposte.net
    libero.it linuxmail.org list.ru lycos.com mac.com mail2world.com mailbox.org mailfence.com mailinator.com me.com
    msn.com my.com myway.com myyahoo.com nate.com naver.com netcourrier.com netscape.net netzero.net neuf.fr
    ntlworld.com numericable.fr o2.co.uk o2.pl ocn.ne.jp onet.pl online.de online.no op.pl optonline.net
    optusnet.com.au orange.fr passport.com pm.me poczta.fm posteo.de posteo.net prodigy.net proton.me protonmail.ch
    protonmail.com qq.com rambler.ru rediffmail.com riseup.net rocketmail.com rogers.com runbox.com sapo.pt
    sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com sky.com skynet.be sohu.com startmail.com suddenlink.net
    sympatico.ca t-online.de talktalk.net tele2.nl telenet.be telia.com telus.net tempmail.com terra.com.br tin.it
    tiscali.co.uk tiscali.it trashmail.com tuta.com tuta.io tutamail.com tutanota.com tutanota.de ukr.net uol.com.br
    usa.com usa.net verizon.net vfemail.net videotron.ca virgilio.it virginmedia.com vk.com voila.fr wanadoo.es
    wanadoo.fr web.de windowslive.com windstream.net wp.pl xtra.co.nz ya.ru yeah.net ymail.com yopmail.com ziggo.nl
    zoho.com zohomail.com zohomail.eu zonnet.nl
"""

FREE_MAIL = frozenset(_SINGLE.split()) | {
    f"{name}.{suffix}" for name, suffixes in _COUNTRIES.items() for suffix in suffixes.split()
}
"""Registrable domains of free, disposable and access providers' mail; those of companies' own staff are not here."""

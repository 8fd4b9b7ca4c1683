/* What tells English from other languages: closed-class words of those that are written with Latin
 * letters, and the commonest words of English. Written by hand.
 *
 * A word of both ("in", "so", "war") tells nothing and counts for neither. Content words are left
 * out: a comment may name a place, a dish or a person of anywhere.
 *
 * Measured by training/language/measure.py, on sentences by the same hand as these lists: 91 % of
 * comments of at most eight words are recognised and all longer ones, and of 29 k English comments
 * 0.1 % are mistaken (some of these are no English). CLD2 recognises 94 and 96 % at as many
 * mistakes: not worth a library. libexttextcat mistakes 5 to 12 % of English comments. A model of
 * letter trigrams alone recognises 75 and 81 %. */
#include "features/words.h"

/* clang-format off */
const char *const RETORT_FOREIGN_WORDS[] = {
    /* German */
    "ich du er wir ihr mein dein sein unser euer ist sind war waren bin bist hat haben hatte "
    "habe wird werden wurde kann können muss müssen soll sollen will wollen nicht nichts kein "
    "keine keinen und oder aber denn weil dass ob wenn als wie wo wer warum wieso wann der "
    "die das den dem des ein eine einen einem einer eines auf aus bei mit nach seit von zu "
    "zum zur vom beim im ins für gegen ohne um durch über unter vor zwischen hier da dort "
    "jetzt immer nie niemand jemand etwas alles alle viel mehr sehr schon noch nur auch mal "
    "doch ja nein gar ganz so dann daran dafür damit dabei davon dazu ihnen sie es uns euch "
    "mich dich sich mir dir ihm diese dieser dieses welche jeder jede jedes endlich",
    /* Dutch */
    "ik jij je u hij zij ze wij we jullie mijn jouw uw zijn haar ons onze ben bent was heb "
    "heeft hebben had hadden wordt worden werd kan kunnen moet moeten zal zullen zou wil "
    "willen niet niets geen en maar want omdat dat hoe waar waarom wanneer wat de het een aan "
    "uit bij met naar van voor tegen zonder om door over onder tussen daar nu altijd nooit "
    "iemand iets veel meer zeer al nog slechts ook toch nee dit deze eens dan mee echt "
    "helemaal weer gaat",
    /* French */
    "tu il elle on nous vous ils elles mon ton son ma ta sa mes tes ses notre votre nos vos "
    "leur leurs est sont suis êtes sommes était étaient été ai as a ont avez avons avait fait "
    "faire peut peuvent doit doivent va vont vais aller pas plus jamais rien personne et ou "
    "mais donc car parce que qui quoi quand comment où pourquoi quel quelle quels quelles le "
    "la les un une au aux dans sur sous avec sans pour par contre entre chez vers depuis ici "
    "là maintenant toujours encore très bien tout tous toute toutes même aussi alors si ne ce "
    "cet cette ces cela ça c'est n'est j'ai qu'il d'un d'une l'on y oui non merci",
    /* Spanish */
    "yo tú él ella ellos ellas nosotros usted ustedes mi su mis tus sus nuestro nuestra soy "
    "eres somos era eran fue fueron está están estoy estamos he ha han hemos había hay puede "
    "pueden debe deben voy no nada nadie nunca o pero porque quien quién qué cuando cuándo "
    "cómo como dónde donde cuál el los las una unos unas del con sin por para contra sobre "
    "hasta desde aquí ahí ahora siempre también muy más menos mucho todo todos toda todas "
    "mismo ya sí lo se me te eso esto esa ese este esta estos estas así solo sólo",
    /* Portuguese */
    "eu ele ela eles elas nós você vocês meu minha seu sua nosso nossa é são sou foi estão "
    "estou tem têm tenho há pode podem deve vai vão vou não ninguém e mas quem quando onde "
    "qual os uma umas do dos ao à na nas em com sem até aqui ali agora sempre também muito "
    "tudo mesmo já sim isso isto esse essa assim só",
    /* Italian */
    "io lui lei noi voi loro mio mia tuo tua suo nostro nostra è sono sei siamo siete erano "
    "ho hai abbiamo hanno può possono devono vanno niente nessuno mai perché che chi come "
    "dove quale i gli uno della dei delle degli di alla in nel nella senza per tra fra sul "
    "sulla lì ora anche molto più meno tutto tutti tutta tutte stesso già sì ci vi ti questo "
    "questa questi quello quella così cosa poi",
    /* Swedish */
    "jag ni det min din vår är var vara har hade ska skulle måste vill inte inget ingen "
    "aldrig och eller men för att som när hur varför vem vad ett på av till från med utan mot "
    "mellan här där alltid också mycket mer allt samma redan bara nej detta denna dessa så då "
    "någon något helt",
    /* Danish and Norwegian */
    "jeg hun vores være havde skal må vil ikke intet og for at når hvordan hvor hvorfor hvem "
    "hvad af til uden mod mellem her altid også meget mere alt samme allerede kun bare dette "
    "denne disse nogen noget bliver blev slet vist",
    /* Norwegian */
    "deg meg seg dere våre hva noe noen blir ble uten mellom mye nå hele ei",
    /* Polish */
    "ty ona my wy oni mój twój jego jej nasz jest są jestem był była było byli być mam masz "
    "mają może mogą musi nic nikt nigdy lub ale bo że kto co kiedy jak gdzie dlaczego jaki "
    "która które który w z od po za przez dla bez przy pod nad między tam teraz zawsze też "
    "także bardzo więcej wszystko wszyscy już tylko tak się ten tego tej tym czy jeśli mnie "
    "cię go mu",
    /* Czech */
    "vy můj tvůj jeho její náš jsou jsem jsi jsme byl byla bylo být má mám máte mají může "
    "musí nikdo nikdy nebo protože že kdo kdy kde proč jaký která které který v pro při mezi "
    "tady teď vždy také velmi více všechno všichni už jen toho tím jestli když mně tě jim "
    "vůbec",
    /* Turkish */
    "sen biz siz onlar benim senin onun bizim bu şu ve veya ama çünkü ki kim nasıl nerede "
    "neden hangi bir için ile gibi kadar değil yok mı mü çok daha hiç hep şimdi sonra önce "
    "olan olarak olmuş kimse evet hayır bunu buna bana sana onu",
    /* Finnish */
    "minä sinä hän minun sinun hänen ovat olen olet oli olivat ole eikä tai mutta koska että "
    "kuka mikä miten missä miksi jos niin tämä nämä tässä siellä nyt aina myös hyvin enemmän "
    "kaikki jo vain kuin tämän sitä kukaan joka jotka",
    /* Hungarian */
    "én ő ők az egy és vagy mert hogy mikor hogyan hol miért nem vannak volt lesz ez ezt azt "
    "itt ott most mindig nagyon több minden már csak fel be senki semmi erre arra valami még",
    /* Romanian */
    "ea tău sunt erau am avem fost poate trebuie nimic nimeni niciodată și sau dar pentru că "
    "cine când cum unde care în pe cu fără prin între aici acum mereu foarte tot toți deja "
    "doar asta acest această să îl îi vă",
    /* Indonesian */
    "saya aku kamu anda dia kami kita mereka ini itu adalah ada tidak bukan belum sudah akan "
    "bisa harus yang atau tetapi tapi karena kalau jika siapa apa kapan bagaimana dari ke "
    "untuk dengan tanpa pada oleh sini sekarang selalu juga sangat lebih semua saja hanya nya "
    "kok lagi mau",
    /* Tagalog */
    "ako ikaw siya tayo sila ko mo niya namin natin nila ang ng mga ay kung kasi dahil hindi "
    "wala walang may mayroon ito iyan iyon dito diyan ngayon lang rin naman pa ba sino ano "
    "kailan paano saan bakit lahat sobra niyan",
    /* Swahili */
    "mimi wewe yeye sisi nyinyi wao wa kwa hii hiyo hizo huu hili hakuna kuna kila nani nini "
    "lini wapi kwanini lakini kama katika bado hapa sasa pia zaidi yote wote",
    /* Vietnamese */
    "tôi bạn anh chị nó chúng họ không có và của cho với một những các được này đó kia gì sao "
    "thế nào khi nếu thì mà vì đã đang sẽ rất cũng nhiều lại ở từ đến trong ra",
    /* Hindi in Latin letters */
    "main mera tera tum aap woh yeh ye hain tha thi hoon nahi nahin kya kyun kaun kab kahan "
    "kaise aur lekin agar toh bhi hi ka bahut sab koi kuch apna apne wahi bhai",
    NULL};

const char RETORT_COMMON_WORDS[] =
    "like get just people good one would know think time see make go say really want right "
    "way going need thing things said more than even look well back first new years year day "
    "man men women woman guy guys life work state world country government never always still "
    "help please thanks thank love hate shit fuck fucking lol omg wtf yeah yes okay ok oh hey "
    "hi hello let got take come came give gave made put keep tell told ask read use used try "
    "find found feel seems mean means point part bad better best great nice happy sad sorry "
    "wrong true real sure maybe probably actually something anything everything nothing "
    "someone anyone everyone nobody u ur im dont cant didnt thats whats gonna wanna gotta "
    "ain't y'all dude bro bruh stupid idiot dumb money pay city school kids children car "
    "white black old little big long last next same another against because since "
    "every without around here over down away off again before die ha";
/* clang-format on */

package calendar

// windowsZones gives the IANA name of a Windows time zone, as Outlook and Exchange
// write it in TZID. The pairs are those of CLDR's windowsZones for territory 001,
// Asia first.
var windowsZones = map[string]string{
	"china standard time": "Asia/Shanghai", "taipei standard time": "Asia/Taipei", "singapore standard time": "Asia/Singapore", "tokyo standard time": "Asia/Tokyo", "korea standard time": "Asia/Seoul",
	"north korea standard time": "Asia/Pyongyang", "ulaanbaatar standard time": "Asia/Ulaanbaatar", "north asia standard time": "Asia/Krasnoyarsk", "north asia east standard time": "Asia/Irkutsk", "yakutsk standard time": "Asia/Yakutsk",
	"vladivostok standard time": "Asia/Vladivostok", "magadan standard time": "Asia/Magadan", "sakhalin standard time": "Asia/Sakhalin", "russia time zone 3": "Europe/Samara", "russia time zone 10": "Asia/Srednekolymsk", "russia time zone 11": "Asia/Kamchatka",
	"transbaikal standard time": "Asia/Chita", "tomsk standard time": "Asia/Tomsk", "altai standard time": "Asia/Barnaul", "n. central asia standard time": "Asia/Novosibirsk", "omsk standard time": "Asia/Omsk", "ekaterinburg standard time": "Asia/Yekaterinburg",
	"se asia standard time": "Asia/Bangkok", "w. mongolia standard time": "Asia/Hovd", "myanmar standard time": "Asia/Yangon", "bangladesh standard time": "Asia/Dhaka", "central asia standard time": "Asia/Bishkek", "qyzylorda standard time": "Asia/Qyzylorda",
	"india standard time": "Asia/Kolkata", "sri lanka standard time": "Asia/Colombo", "nepal standard time": "Asia/Kathmandu", "pakistan standard time": "Asia/Karachi", "west asia standard time": "Asia/Tashkent", "afghanistan standard time": "Asia/Kabul",
	"arabian standard time": "Asia/Dubai", "arab standard time": "Asia/Riyadh", "arabic standard time": "Asia/Baghdad", "iran standard time": "Asia/Tehran", "azerbaijan standard time": "Asia/Baku", "georgian standard time": "Asia/Tbilisi", "caucasus standard time": "Asia/Yerevan",
	"israel standard time": "Asia/Jerusalem", "jordan standard time": "Asia/Amman", "syria standard time": "Asia/Damascus", "middle east standard time": "Asia/Beirut", "west bank standard time": "Asia/Hebron", "turkey standard time": "Europe/Istanbul",
	"w. australia standard time": "Australia/Perth", "aus central w. standard time": "Australia/Eucla", "aus central standard time": "Australia/Darwin", "cen. australia standard time": "Australia/Adelaide", "e. australia standard time": "Australia/Brisbane",
	"aus eastern standard time": "Australia/Sydney", "tasmania standard time": "Australia/Hobart", "lord howe standard time": "Australia/Lord_Howe", "west pacific standard time": "Pacific/Port_Moresby", "bougainville standard time": "Pacific/Bougainville",
	"central pacific standard time": "Pacific/Guadalcanal", "norfolk standard time": "Pacific/Norfolk", "new zealand standard time": "Pacific/Auckland", "chatham islands standard time": "Pacific/Chatham", "fiji standard time": "Pacific/Fiji", "tonga standard time": "Pacific/Tongatapu",
	"samoa standard time": "Pacific/Apia", "line islands standard time": "Pacific/Kiritimati", "hawaiian standard time": "Pacific/Honolulu", "aleutian standard time": "America/Adak", "marquesas standard time": "Pacific/Marquesas", "easter island standard time": "Pacific/Easter",

	"gmt standard time": "Europe/London", "greenwich standard time": "Atlantic/Reykjavik", "w. europe standard time": "Europe/Berlin", "central europe standard time": "Europe/Budapest", "central european standard time": "Europe/Warsaw", "romance standard time": "Europe/Paris",
	"gtb standard time": "Europe/Bucharest", "e. europe standard time": "Europe/Chisinau", "fle standard time": "Europe/Kiev", "kaliningrad standard time": "Europe/Kaliningrad", "russian standard time": "Europe/Moscow", "belarus standard time": "Europe/Minsk",
	"astrakhan standard time": "Europe/Astrakhan", "saratov standard time": "Europe/Saratov", "volgograd standard time": "Europe/Volgograd", "azores standard time": "Atlantic/Azores", "cape verde standard time": "Atlantic/Cape_Verde",
	"egypt standard time": "Africa/Cairo", "south africa standard time": "Africa/Johannesburg", "libya standard time": "Africa/Tripoli", "namibia standard time": "Africa/Windhoek", "sudan standard time": "Africa/Khartoum", "south sudan standard time": "Africa/Juba",
	"e. africa standard time": "Africa/Nairobi", "w. central africa standard time": "Africa/Lagos", "morocco standard time": "Africa/Casablanca", "sao tome standard time": "Africa/Sao_Tome", "mauritius standard time": "Indian/Mauritius",

	"pacific standard time": "America/Los_Angeles", "pacific standard time (mexico)": "America/Tijuana", "mountain standard time": "America/Denver", "us mountain standard time": "America/Phoenix", "mountain standard time (mexico)": "America/Mazatlan", "yukon standard time": "America/Whitehorse",
	"central standard time": "America/Chicago", "central standard time (mexico)": "America/Mexico_City", "canada central standard time": "America/Regina", "central america standard time": "America/Guatemala", "eastern standard time": "America/New_York", "us eastern standard time": "America/Indiana/Indianapolis",
	"eastern standard time (mexico)": "America/Cancun", "haiti standard time": "America/Port-au-Prince", "cuba standard time": "America/Havana", "turks and caicos standard time": "America/Grand_Turk", "atlantic standard time": "America/Halifax", "newfoundland standard time": "America/St_Johns",
	"alaskan standard time": "America/Anchorage", "sa pacific standard time": "America/Bogota", "sa western standard time": "America/La_Paz", "sa eastern standard time": "America/Cayenne", "venezuela standard time": "America/Caracas", "paraguay standard time": "America/Asuncion",
	"pacific sa standard time": "America/Santiago", "e. south america standard time": "America/Sao_Paulo", "central brazilian standard time": "America/Cuiaba", "argentina standard time": "America/Buenos_Aires", "montevideo standard time": "America/Montevideo", "bahia standard time": "America/Bahia",
	"tocantins standard time": "America/Araguaina", "magallanes standard time": "America/Punta_Arenas", "greenland standard time": "America/Godthab", "saint pierre standard time": "America/Miquelon",
	"utc": "UTC", "utc-02": "Etc/GMT+2", "utc-08": "Etc/GMT+8", "utc-09": "Etc/GMT+9", "utc-11": "Etc/GMT+11", "utc+12": "Etc/GMT-12", "utc+13": "Etc/GMT-13", "dateline standard time": "Etc/GMT+12",

	// What the wild writes beside them: older names, and names in Chinese.
	"prc": "Asia/Shanghai", "beijing": "Asia/Shanghai", "hong kong": "Asia/Hong_Kong", "中国标准时间": "Asia/Shanghai", "中國標準時間": "Asia/Shanghai", "北京时间": "Asia/Shanghai", "香港标准时间": "Asia/Hong_Kong", "香港時間": "Asia/Hong_Kong",
	"台北标准时间": "Asia/Taipei", "台北標準時間": "Asia/Taipei", "东京标准时间": "Asia/Tokyo", "malay peninsula standard time": "Asia/Singapore", "新加坡标准时间": "Asia/Singapore",
	"tzone://microsoft/utc": "UTC", "gmt": "UTC", "z": "UTC", "greenwich mean time": "Europe/London",
}
